import { useSyncExternalStore } from "react";

/** One clock for all relative times of the window; it ticks every 10 s while somebody looks. */
const TICK_MS = 10_000;
let now = Date.now();
const watchers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function tick() {
  now = Date.now();
  watchers.forEach((watch) => watch());
}

function subscribe(watch: () => void) {
  watchers.add(watch);
  if (watchers.size === 1) {
    now = Date.now();
    timer = setInterval(tick, TICK_MS);
  }
  return () => {
    watchers.delete(watch);
    if (watchers.size === 0) clearInterval(timer);
  };
}

/** Milliseconds since 1970, renewed every ten seconds. */
export const useNow = () => useSyncExternalStore(subscribe, () => now);

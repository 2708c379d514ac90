import { useSyncExternalStore } from "react";

/** A small piece of the window's own state that several places read: toasts, theme, crumbs. Never server state. */
export interface Store<T> {
  get: () => T;
  set: (next: T | ((before: T) => T)) => void;
  /** What it is now, or a part of it: who asks for a part is drawn anew only when that changes. */
  use: (() => T) & (<S extends string | number | boolean | null>(part: (value: T) => S) => S);
  subscribe: (watch: () => void) => () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const watchers = new Set<() => void>();
  const get = () => value;
  const subscribe = (watch: () => void) => {
    watchers.add(watch);
    return () => watchers.delete(watch);
  };
  return {
    get,
    subscribe,
    set: (next) => {
      value = typeof next === "function" ? (next as (before: T) => T)(value) : next;
      watchers.forEach((watch) => watch());
    },
    use: <S>(part?: (value: T) => S) =>
      useSyncExternalStore(subscribe, () => (part ? part(value) : value) as T & S),
  };
}

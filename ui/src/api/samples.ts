import { createStore } from "@/lib/store";
import type { HostLive } from "./generated/types";

/** Traffic of a tunnel between two looks, in bytes a second. */
export interface Sample {
  at: number;
  received: number;
  sent: number;
}

interface Series {
  last: { at: number; received: number; sent: number };
  samples: Sample[];
}

/** Most samples that are kept of a tunnel; at one a minute, eight hours. */
const MOST = 480;

/** What was seen since the window is open, by peer. Nothing is made up: one look gives no speed, two give one. */
export const traffic = createStore<ReadonlyMap<string, Series>>(new Map());

export function remember(...hosts: HostLive[]): void {
  if (hosts.every((host) => host.tunnels.length === 0)) return;
  const next = new Map(traffic.get());
  for (const host of hosts)
    for (const tunnel of host.tunnels) {
      const now = { at: host.at, received: tunnel.received, sent: tunnel.sent };
      next.set(tunnel.peer, grown(next.get(tunnel.peer), now));
    }
  traffic.set(next);
}

export function grown(series: Series | undefined, now: Series["last"]): Series {
  if (!series) return { last: now, samples: [] };
  const seconds = (now.at - series.last.at) / 1000;
  if (seconds < 1) return series;
  // A counter that went back began anew with its interface.
  const delta = (after: number, before: number) => (after >= before ? after - before : after) / seconds;
  const sample = {
    at: now.at,
    received: delta(now.received, series.last.received),
    sent: delta(now.sent, series.last.sent),
  };
  return { last: now, samples: [...series.samples.slice(1 - MOST), sample] };
}

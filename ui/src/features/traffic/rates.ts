import { traffic, type Sample } from "@/api/samples";
import { groupBy } from "@/lib/group";

/** Bytes a second from the world to home, and back. */
export interface Rate {
  down: number;
  up: number;
}

/** The newest speed of a peer; none before two looks. What the VPS received came from home. */
export function useRates(): (peer: string) => Rate | null {
  const series = traffic.use();
  return (peer) => {
    const last = series.get(peer)?.samples.at(-1);
    return last ? { down: last.sent, up: last.received } : null;
  };
}

/** Hosts are looked at within a few seconds of each other: one look, one point. Milliseconds. */
const LOOK_MS = 10_000;

/** Samples of several peers, each by itself, summed by the look they belong to. */
export function summed(all: Sample[][]): Sample[] {
  const by = new Map<number, Sample>();
  for (const samples of all)
    for (const one of byLook(samples)) {
      const sum = by.get(one.at);
      if (sum) {
        sum.received += one.received;
        sum.sent += one.sent;
      } else by.set(one.at, { ...one });
    }
  return [...by.values()].sort((a, b) => a.at - b.at);
}

/** What has no news since is not looked through again: thousands of peers have hundreds of samples each. */
const known = new WeakMap<Sample[], Sample[]>();

/** Of one peer: its mean speed where somebody looked again at once. */
function byLook(samples: Sample[]): Sample[] {
  const kept = known.get(samples);
  if (kept) return kept;
  const looks = groupBy(samples, ({ at }) => Math.round(at / LOOK_MS) * LOOK_MS);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const made = [...looks].map(([at, within]) => ({
    at,
    received: mean(within.map((sample) => sample.received)),
    sent: mean(within.map((sample) => sample.sent)),
  }));
  known.set(samples, made);
  return made;
}

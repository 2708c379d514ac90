import { traffic, type Sample } from "@/api/samples";

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
  for (const one of all.flatMap(byLook)) {
    const known = by.get(one.at) ?? { at: one.at, received: 0, sent: 0 };
    by.set(one.at, {
      at: one.at,
      received: known.received + one.received,
      sent: known.sent + one.sent,
    });
  }
  return [...by.values()].sort((a, b) => a.at - b.at);
}

/** Of one peer: its mean speed where somebody looked again at once. */
function byLook(samples: Sample[]): Sample[] {
  const looks = new Map<number, Sample[]>();
  for (const sample of samples) {
    const at = Math.round(sample.at / LOOK_MS) * LOOK_MS;
    looks.set(at, [...(looks.get(at) ?? []), sample]);
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return [...looks].map(([at, within]) => ({
    at,
    received: mean(within.map((sample) => sample.received)),
    sent: mean(within.map((sample) => sample.sent)),
  }));
}

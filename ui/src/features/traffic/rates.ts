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

/** Samples of several peers summed by the look they belong to. */
export function summed(all: Sample[][]): Sample[] {
  const by = new Map<number, Sample>();
  for (const sample of all.flat()) {
    // Hosts are looked at within a few seconds of each other: one look, one point.
    const at = Math.round(sample.at / 10_000) * 10_000;
    const known = by.get(at) ?? { at, received: 0, sent: 0 };
    by.set(at, { at, received: known.received + sample.received, sent: known.sent + sample.sent });
  }
  return [...by.values()].sort((a, b) => a.at - b.at);
}

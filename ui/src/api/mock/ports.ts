/** Just enough of the port language for the stand-in: `25565`, `80,443`, `8000-8010->9000`. */

export interface Range {
  first: number;
  last: number;
}

export function ranges(ports: string): Range[] | null {
  const parts = ports.split(",").map((part) => part.trim());
  const found: Range[] = [];
  for (const part of parts) {
    const match = /^(\d+)(?:-(\d+))?(?:->\d+(?:-\d+)?)?$/.exec(part);
    if (!match) return null;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (first < 1 || last > 65_535 || first > last) return null;
    found.push({ first, last });
  }
  return found;
}

export const protocolsOf = (word: string): string[] =>
  word === "both" ? ["tcp", "udp"] : word === "all" ? ["tcp", "udp"] : [word || "tcp"];

export interface Overlap {
  protocol: string;
  range: Range;
}

/** The first port that both want. */
export function overlap(
  a: { ports: string; protocols: string },
  b: { ports: string; protocols: string },
): Overlap | null {
  const whole = [{ first: 1, last: 65_535 }];
  const of = (one: { ports: string; protocols: string }) =>
    one.protocols === "all" ? whole : (ranges(one.ports) ?? []);
  for (const protocol of protocolsOf(a.protocols)) {
    if (!protocolsOf(b.protocols).includes(protocol)) continue;
    for (const x of of(a)) {
      for (const y of of(b)) {
        const range = { first: Math.max(x.first, y.first), last: Math.min(x.last, y.last) };
        if (range.first <= range.last) return { protocol, range };
      }
    }
  }
  return null;
}

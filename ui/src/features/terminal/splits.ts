/** Panes side by side (`row`) or one above another (`column`). */
export type Direction = "row" | "column";

/** How panes share a tab: one alone, or parts of equal size, each of which may be divided the other way. */
export type Splits<T> = { pane: T } | { direction: Direction; parts: Splits<T>[] };

/** Where a pane is: shares of the tab, from 0 to 1. */
export interface Place<T> {
  pane: T;
  left: number;
  top: number;
  width: number;
  height: number;
}

export type Toward = "left" | "right" | "up" | "down";

/** The panes as they are read: from the left, and from above. */
export function panesOf<T>(splits: Splits<T>): T[] {
  return "pane" in splits ? [splits.pane] : splits.parts.flatMap(panesOf);
}

/** Puts a pane behind another. In a line of the same direction it becomes one part more; else the two share a place. */
export function divided<T>(splits: Splits<T>, behind: T, direction: Direction, added: T): Splits<T> {
  if ("pane" in splits)
    return splits.pane === behind ? { direction, parts: [splits, { pane: added }] } : splits;
  const parts = splits.parts.flatMap((part) => {
    const next = divided(part, behind, direction, added);
    return next !== part && "parts" in next && next.direction === splits.direction ? next.parts : [next];
  });
  return { ...splits, parts };
}

/** Takes a pane away; what it shared a place with fills that. Nothing is left of the last one. */
export function without<T>(splits: Splits<T>, gone: T): Splits<T> | null {
  if ("pane" in splits) return splits.pane === gone ? null : splits;
  const left = splits.parts.flatMap((part) => without(part, gone) ?? []);
  const parts = left.flatMap((part) =>
    "parts" in part && part.direction === splits.direction ? part.parts : [part],
  );
  const [only] = parts;
  return parts.length > 1 ? { ...splits, parts } : (only ?? null);
}

const WHOLE = { left: 0, top: 0, width: 1, height: 1 };

/** Where each pane is, in the order of `panesOf`. */
export function placesOf<T>(splits: Splits<T>, within: Omit<Place<T>, "pane"> = WHOLE): Place<T>[] {
  if ("pane" in splits) return [{ pane: splits.pane, ...within }];
  const { direction, parts } = splits;
  const width = within.width / (direction === "row" ? parts.length : 1);
  const height = within.height / (direction === "column" ? parts.length : 1);
  return parts.flatMap((part, index) => {
    const left = within.left + (direction === "row" ? index * width : 0);
    const top = within.top + (direction === "column" ? index * height : 0);
    return placesOf(part, { left, top, width, height });
  });
}

const STEPS: Record<Toward, [number, number]> = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };
/** Beyond an edge, since thirds do not add up exactly. */
const HAIR = 0.001;

/** The pane next to one in a direction; of several, the one beside its middle. */
export function beside<T>(splits: Splits<T>, from: T, toward: Toward): T | undefined {
  const places = placesOf(splits);
  const own = places.find((place) => place.pane === from);
  if (!own) return undefined;
  const [right, down] = STEPS[toward];
  const x = own.left + (own.width / 2) * (1 + right) + right * HAIR;
  const y = own.top + (own.height / 2) * (1 + down) + down * HAIR;
  return places.find((place) => holds(place, x, y))?.pane;
}

function holds({ left, top, width, height }: Place<unknown>, x: number, y: number): boolean {
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

import type { StretchForm } from "@/api/generated/types";

/** How far back one looks. */
export const RANGES = ["hour", "day", "week", "month", "year"] as const;
export type Range = (typeof RANGES)[number];

/** Those long enough to say something about weekdays. */
export const LONG_RANGES: readonly Range[] = ["week", "month", "year"];

/** Seconds. */
export const HOUR = 3600;
export const DAY = 24 * HOUR;

const SPAN: Record<Range, number> = {
  hour: HOUR,
  day: DAY,
  week: 7 * DAY,
  month: 30 * DAY,
  year: 365 * DAY,
};

/** Lengths of a point in seconds; each is made of whole ones of those before. */
const STEPS = [60, 300, 1800, 2 * HOUR, 6 * HOUR, DAY];

/** Most points of a line: more than there are pixels between them tells nothing. */
const MOST_POINTS = 400;

/** From when until when, in seconds since 1970. */
export interface Window {
  from: number;
  to: number;
}

/** The shortest window that can be zoomed into, in seconds. */
export const SHORTEST = 10 * 60;

export function stepOf({ from, to }: Window): number {
  return STEPS.find((step) => (to - from) / step <= MOST_POINTS) ?? DAY;
}

/** The range that ends now. The end is rounded up to a whole point, so that the same question is asked for a while. */
export function windowOf(range: Range, now: number): Window {
  const span = SPAN[range];
  const step = stepOf({ from: 0, to: span });
  const to = Math.ceil(now / 1000 / step) * step;
  return { from: to - span, to };
}

export const stretchOf = (window: Window): StretchForm => ({ ...window, step: stepOf(window) });

/** What was dragged over, on whole points, not shorter than can be shown and not later than now (seconds). */
export function zoomed(dragged: Window, now: number): Window {
  const step = stepOf(dragged);
  const middle = (dragged.from + dragged.to) / 2;
  const half = Math.max(dragged.to - dragged.from, SHORTEST) / 2;
  const to = Math.min(Math.ceil((middle + half) / step) * step, Math.ceil(now / step) * step);
  return { from: Math.min(Math.floor((middle - half) / step) * step, to - SHORTEST), to };
}

/** As much earlier (-) or later (+) as `part` of it says, but not into the future (seconds). */
export function moved(window: Window, part: number, now: number): Window {
  const step = stepOf(window);
  const by = Math.round(((window.to - window.from) * part) / step) * step;
  const most = Math.max(0, Math.ceil(now / step) * step - window.to);
  const shift = Math.min(by, most);
  return { from: window.from + shift, to: window.to + shift };
}

/** Midnight of the first of the month in the reader's own zone, in seconds. */
export function monthBegin(now: number): number {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), 1).getTime() / 1000;
}

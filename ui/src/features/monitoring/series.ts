import type { Column, PastView } from "@/api/generated/types";

/** A value for each time; none where nobody measured. */
export type Values = (number | null)[];

export const columnOf = (view: PastView | undefined, column: Column) =>
  view?.columns.find((one) => one.column === column);

/**
 * The times of all answers together, in seconds. Where steps are missing, one time stands for them, at which nobody has
 * a value: lines end there.
 */
export function timesOf(views: PastView[]): number[] {
  const step = Math.max(1, ...views.map((view) => view.step));
  const all = new Set<number>();
  for (const view of views) {
    for (const at of view.polled) all.add(at);
    for (const at of view.at) all.add(at);
  }
  const times: number[] = [];
  for (const at of [...all].sort((one, other) => one - other)) {
    const last = times.at(-1);
    if (last !== undefined && at - last > step * 1.5) times.push(last + step);
    times.push(at);
  }
  return times;
}

/** One column at those times: 0 where the host was polled and nothing happened, none where it was not polled. */
export function valuesAt(view: PastView, column: Column, times: number[]): Values {
  const means = columnOf(view, column)?.mean ?? [];
  const known = new Map(view.at.map((at, index) => [at, means[index] ?? 0]));
  const polled = new Set(view.polled);
  return times.map((at) => known.get(at) ?? (polled.has(at) ? 0 : null));
}

/** Several as one: a sum where at least one is known. */
export function added(all: Values[], length: number): Values {
  return Array.from({ length }, (_, index) => {
    let sum: number | null = null;
    for (const values of all) {
      const value = values[index] ?? null;
      if (value !== null) sum = (sum ?? 0) + value;
    }
    return sum;
  });
}

/** The figures of one series over a window: bytes, and bytes a second. */
export interface Total {
  sum: number;
  p95: number | null;
  peak: number;
}

export function totalOf(view: PastView | undefined, column: Column): Total {
  const found = columnOf(view, column);
  return {
    sum: found?.sum ?? 0,
    p95: found?.p95 ?? null,
    peak: (found?.peak ?? []).reduce((most, value) => Math.max(most, value), 0),
  };
}

/** The value that 95 in 100 do not exceed, by nearest rank; none of nothing. */
export function percentile95(values: Values): number | null {
  const known = values.filter((value) => value !== null).sort((one, other) => one - other);
  return known[Math.max(0, Math.ceil(known.length * 0.95) - 1)] ?? null;
}

import type { ReactNode } from "react";

export interface Column<T> {
  id: string;
  header: string;
  /** What it is sorted by; absent: it cannot be sorted. */
  sort?: (row: T) => string | number;
  /** What the order rests on besides the rows, if it does: another one is another order. */
  rests?: unknown;
  cell: (row: T) => ReactNode;
  /** Width as a grid track, e.g. `minmax(10rem,2fr)`. */
  track: string;
  /** Figures stand at the right. */
  end?: boolean;
  /** Left out where the table is narrower than this many pixels. */
  from?: number;
}

/** A column. Text is sorted as people count: nyc2 before nyc10, 203.0.113.9 before 203.0.113.10. */
export const column = <T>(one: Column<T>): Column<T> => one;

export function visible<T>(columns: Column<T>[], width: number): Column<T>[] {
  return columns.filter((column) => !column.from || width === 0 || width >= column.from);
}

export function template<T>(columns: Column<T>[], selectable: boolean): string {
  return [selectable && "2.5rem", ...columns.map((column) => column.track)].filter(Boolean).join(" ");
}

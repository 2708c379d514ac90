import type { ReactNode } from "react";
import type { ColumnDef } from "@tanstack/react-table";

export interface Column<T> {
  def: ColumnDef<T>;
  /** Width as a grid track, e.g. `minmax(10rem,2fr)`. */
  track: string;
  /** Figures stand at the right. */
  end?: boolean;
  /** Left out where the table is narrower than this many pixels. */
  from?: number;
}

interface ColumnInput<T> extends Omit<Column<T>, "def"> {
  id: string;
  header: string;
  /** What it is sorted by; absent: it cannot be sorted. */
  sort?: (row: T) => string | number;
  cell: (row: T) => ReactNode;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** A column. Text is sorted as people count: nyc2 before nyc10, 203.0.113.9 before 203.0.113.10. */
export function column<T>({ id, header, sort, cell, ...place }: ColumnInput<T>): Column<T> {
  return {
    ...place,
    def: {
      id,
      header,
      enableSorting: !!sort,
      sortDescFirst: place.end ?? false,
      ...(sort ? { accessorFn: sort } : {}),
      sortingFn: (a, b, by) => compare(a.getValue(by), b.getValue(by)),
      cell: (context) => cell(context.row.original),
    },
  };
}

export function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return collator.compare(String(a), String(b));
}

export function visible<T>(columns: Column<T>[], width: number): Column<T>[] {
  return columns.filter((column) => !column.from || width === 0 || width >= column.from);
}

export function template<T>(columns: Column<T>[], selectable: boolean): string {
  return [selectable && "2.5rem", ...columns.map((column) => column.track)].filter(Boolean).join(" ");
}

import { useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from "react";
import {
  flexRender,
  getCoreRowModel,
  getSortedRowModel,
  useReactTable,
  type Header,
  type Row,
  type RowSelectionState,
  type SortingState,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { cx } from "@/lib/cx";
import { Checkbox } from "../choice";
import { rowHeight } from "./density";
import { useWidth } from "./use-width";
import { template, visible, type Column } from "./columns";

interface DataTableProps<T> {
  /** Its name for screen readers. */
  label: string;
  rows: T[];
  columns: Column<T>[];
  rowId: (row: T) => string;
  /** The name of a row, for its checkbox. */
  rowName: (row: T) => string;
  onOpen?: ((row: T) => void) | undefined;
  sorting: SortingState;
  onSort: (next: SortingState) => void;
  selection?: RowSelectionState;
  onSelect?: (next: RowSelectionState) => void;
  /** What stands there when a filter leaves nothing. */
  nothing: ReactNode;
}

/** A table of any length: only what is in view exists. Arrow keys move, Enter opens, Space selects. */
export function DataTable<T>(props: DataTableProps<T>) {
  const { label, rows, columns, rowId, rowName, onOpen, sorting, onSort, selection, onSelect, nothing } =
    props;
  const { t } = useTranslation();
  const height = rowHeight.use();
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const shown = useMemo(() => visible(columns, width), [columns, width]);
  const table = useReactTable({
    data: rows,
    columns: useMemo(() => shown.map((column) => column.def), [shown]),
    state: { sorting, rowSelection: selection ?? {} },
    onSortingChange: (next) => onSort(typeof next === "function" ? next(sorting) : next),
    onRowSelectionChange: (next) => onSelect?.(typeof next === "function" ? next(selection ?? {}) : next),
    getRowId: rowId,
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
    enableSortingRemoval: false,
  });
  const sorted = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
  });
  useEffect(() => virtual.measure(), [virtual, height]);
  const style = { gridTemplateColumns: template(shown, !!onSelect) };
  const move = (event: KeyboardEvent, index: number) =>
    moveFocus(event, index, sorted.length, virtual, scroller.current);
  const all = table.getIsAllRowsSelected() || (table.getIsSomeRowsSelected() && "indeterminate");
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-auto rounded-lg border bg-surface">
      <div role="grid" aria-label={label} aria-rowcount={sorted.length + 1} aria-multiselectable={!!onSelect}>
        <div
          role="row"
          aria-rowindex={1}
          style={style}
          className="sticky top-0 z-10 grid h-9 border-b bg-surface"
        >
          {onSelect && (
            <span role="columnheader" className="grid place-items-center">
              <Checkbox
                bare
                checked={all}
                onChange={(on) => table.toggleAllRowsSelected(on)}
                label={t("table.selectAll")}
              />
            </span>
          )}
          {table.getHeaderGroups()[0]?.headers.map((header, index) => (
            <Heading key={header.id} header={header} end={shown[index]?.end ?? false} />
          ))}
        </div>
        {sorted.length === 0 && (
          <div role="row">
            <div role="gridcell" className="px-4 py-10 text-center text-muted">
              {nothing}
            </div>
          </div>
        )}
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = sorted[item.index];
            if (!row) return null;
            return (
              <div
                key={row.id}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={onSelect ? row.getIsSelected() : undefined}
                data-index={item.index}
                tabIndex={item.index === 0 ? 0 : -1}
                style={{ ...style, height, transform: `translateY(${item.start}px)` }}
                onClick={() => onOpen?.(row.original)}
                onKeyDown={(event) => {
                  if (event.target !== event.currentTarget) return;
                  if (event.key !== "Enter" && event.key !== " ") {
                    move(event, item.index);
                    return;
                  }
                  event.preventDefault();
                  if (event.key === "Enter") onOpen?.(row.original);
                  else if (onSelect) row.toggleSelected();
                }}
                className={cx(
                  "absolute inset-x-0 top-0 grid border-b border-line/50 -outline-offset-2",
                  onOpen && "hover:bg-hover",
                  row.getIsSelected() && "tint-accent",
                )}
              >
                {onSelect && (
                  <span role="gridcell" className="grid place-items-center">
                    <Checkbox
                      bare
                      checked={row.getIsSelected()}
                      onChange={(on) => row.toggleSelected(on)}
                      label={t("table.selectRow", { name: rowName(row.original) })}
                    />
                  </span>
                )}
                <Cells row={row} columns={shown} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Cells<T>({ row, columns }: { row: Row<T>; columns: Column<T>[] }) {
  return row.getVisibleCells().map((cell, index) => {
    const end = columns[index]?.end;
    return (
      <span
        key={cell.id}
        role="gridcell"
        className={cx("flex min-w-0 items-center px-3", end && "justify-end text-right")}
      >
        {flexRender(cell.column.columnDef.cell, cell.getContext())}
      </span>
    );
  });
}

function Heading<T>({ header, end }: { header: Header<T, unknown>; end: boolean }) {
  const direction = header.column.getIsSorted();
  const name = flexRender(header.column.columnDef.header, header.getContext());
  const sort = direction === "asc" ? "ascending" : direction === "desc" ? "descending" : "none";
  if (!header.column.getCanSort()) {
    return (
      <span
        role="columnheader"
        className={cx("flex items-center px-3 text-xs text-muted", end && "justify-end")}
      >
        {name}
      </span>
    );
  }
  const Arrow = direction === "desc" ? ArrowDown : ArrowUp;
  return (
    <span
      role="columnheader"
      aria-sort={sort}
      className={cx("flex min-w-0 items-center px-2", end && "justify-end")}
    >
      <button
        type="button"
        onClick={header.column.getToggleSortingHandler()}
        className={cx(
          "group/sort flex h-7 min-w-0 items-center gap-1 rounded-sm px-1 text-xs hover:text-text",
          direction ? "text-text" : "text-muted",
          end && "flex-row-reverse",
        )}
      >
        <span className="truncate">{name}</span>
        <Arrow
          aria-hidden
          className={cx("size-3 shrink-0", !direction && "opacity-0 group-hover/sort:opacity-60")}
        />
      </button>
    </span>
  );
}

interface Scrolls {
  scrollToIndex: (index: number) => void;
}

const STEPS: Record<string, number> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 12,
  PageUp: -12,
  Home: -Infinity,
  End: Infinity,
};

function moveFocus(
  event: KeyboardEvent,
  from: number,
  count: number,
  virtual: Scrolls,
  within: HTMLElement | null,
) {
  const step = STEPS[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const to = Math.min(count - 1, Math.max(0, from + step));
  virtual.scrollToIndex(to);
  const focus = () => within?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus();
  requestAnimationFrame(() => requestAnimationFrame(focus));
}

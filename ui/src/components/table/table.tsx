import { useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { cx } from "@/lib/cx";
import { Checkbox } from "../choice";
import { scrollFrame } from "../layout";
import { rowHeight } from "./density";
import { useWidth } from "./use-width";
import { template, visible, type Column } from "./columns";
import { sorted, turned, type Sorting } from "./sort";

/** Identifiers of the rows that are selected. */
export type Selection = ReadonlySet<string>;
export const NONE: Selection = new Set();

interface DataTableProps<T> {
  /** Its name for screen readers. */
  label: string;
  rows: T[];
  columns: Column<T>[];
  rowId: (row: T) => string;
  /** The name of a row, for its checkbox. */
  rowName: (row: T) => string;
  onOpen?: ((row: T) => void) | undefined;
  sorting: Sorting;
  onSort: (next: Sorting) => void;
  selection?: Selection;
  onSelect?: (next: Selection) => void;
  /** What stands there when a filter leaves nothing. */
  nothing: ReactNode;
}

/** A table of any length: only what is in view exists. Arrow keys move, Enter opens, Space selects. */
export function DataTable<T>(props: DataTableProps<T>) {
  const {
    label,
    rows,
    columns,
    rowId,
    rowName,
    onOpen,
    sorting,
    onSort,
    selection = NONE,
    onSelect,
    nothing,
  } = props;
  const { t } = useTranslation();
  const height = rowHeight.use();
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const shown = useMemo(() => visible(columns, width), [columns, width]);
  const inOrder = useMemo(
    () =>
      sorted(
        rows,
        columns.find((column) => column.id === sorting.id),
        sorting,
      ),
    [rows, columns, sorting.id, sorting.desc], // eslint-disable-line react-hooks/exhaustive-deps -- a new object a render
  );
  const virtual = useVirtualizer({
    count: inOrder.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 4,
  });
  useEffect(() => virtual.measure(), [virtual, height]);
  const style = { gridTemplateColumns: template(shown, !!onSelect) };
  const move = (event: KeyboardEvent, index: number) =>
    moveFocus(event, index, inOrder.length, virtual, scroller.current);
  const some = onSelect && selection.size > 0;
  const all = some ? inOrder.every((row) => selection.has(rowId(row))) || "indeterminate" : false;
  const select = (row: T, on: boolean) => {
    const next = new Set(selection);
    if (on) next.add(rowId(row));
    else next.delete(rowId(row));
    onSelect?.(next);
  };
  return (
    <div className={scrollFrame}>
      <div ref={scroller} className="min-h-0 flex-1 overflow-auto">
        <div
          role="grid"
          aria-label={label}
          aria-rowcount={inOrder.length + 1}
          aria-multiselectable={!!onSelect}
        >
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
                  onChange={(on) => onSelect(on ? new Set(inOrder.map(rowId)) : NONE)}
                  label={t("table.selectAll")}
                />
              </span>
            )}
            {shown.map((one) => (
              <Heading key={one.id} column={one} sorting={sorting} onSort={onSort} />
            ))}
          </div>
          {inOrder.length === 0 && (
            <div role="row">
              <div role="gridcell" className="px-4 py-10 text-center text-muted">
                {nothing}
              </div>
            </div>
          )}
          <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const row = inOrder[item.index];
              if (row === undefined) return null;
              const id = rowId(row);
              const selected = selection.has(id);
              return (
                <div
                  key={id}
                  role="row"
                  aria-rowindex={item.index + 2}
                  aria-selected={onSelect ? selected : undefined}
                  data-index={item.index}
                  tabIndex={item.index === 0 ? 0 : -1}
                  style={{ ...style, height, transform: `translateY(${item.start}px)` }}
                  onClick={() => onOpen?.(row)}
                  onKeyDown={(event) => {
                    if (event.target !== event.currentTarget) return;
                    if (event.key !== "Enter" && event.key !== " ") {
                      move(event, item.index);
                      return;
                    }
                    event.preventDefault();
                    if (event.key === "Enter") onOpen?.(row);
                    else if (onSelect) select(row, !selected);
                  }}
                  className={cx(
                    "absolute inset-x-0 top-0 grid border-b border-line/50 -outline-offset-2",
                    onOpen && "hover:bg-hover",
                    selected && "tint-accent",
                  )}
                >
                  {onSelect && (
                    <span role="gridcell" className="grid place-items-center">
                      <Checkbox
                        bare
                        checked={selected}
                        onChange={(on) => select(row, on)}
                        label={t("table.selectRow", { name: rowName(row) })}
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
    </div>
  );
}

function Cells<T>({ row, columns }: { row: T; columns: Column<T>[] }) {
  return columns.map(({ id, end, cell }) => (
    <span
      key={id}
      role="gridcell"
      className={cx("flex min-w-0 items-center px-3", end && "justify-end text-right")}
    >
      {cell(row)}
    </span>
  ));
}

interface HeadingProps<T> {
  column: Column<T>;
  sorting: Sorting;
  onSort: (next: Sorting) => void;
}

function Heading<T>({ column, sorting, onSort }: HeadingProps<T>) {
  const { id, header, end, sort } = column;
  if (!sort) {
    return (
      <span
        role="columnheader"
        className={cx("flex items-center px-3 text-xs text-muted", end && "justify-end")}
      >
        {header}
      </span>
    );
  }
  const here = sorting.id === id;
  const Arrow = here && sorting.desc ? ArrowDown : ArrowUp;
  return (
    <span
      role="columnheader"
      aria-sort={here ? (sorting.desc ? "descending" : "ascending") : "none"}
      className={cx("flex min-w-0 items-center px-2", end && "justify-end")}
    >
      <button
        type="button"
        onClick={() => onSort(turned(sorting, column))}
        className={cx(
          "group/sort flex h-7 min-w-0 items-center gap-1 rounded-sm px-1 text-xs hover:text-text",
          here ? "text-text" : "text-muted",
          end && "flex-row-reverse",
        )}
      >
        <span className="truncate">{header}</span>
        <Arrow
          aria-hidden
          className={cx("size-3 shrink-0", !here && "opacity-0 group-hover/sort:opacity-60")}
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

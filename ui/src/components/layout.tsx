import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

interface PanelProps {
  title?: ReactNode;
  /** Beside the title: a count, a link, one quiet action. */
  aside?: ReactNode;
  /** The body has rows of its own that reach the edges. */
  flush?: boolean;
  className?: string | undefined;
  children: ReactNode;
}

/**
 * Around what scrolls in a frame of its own. The corners are the frame's alone, and what scrolls keeps clear of them: a
 * scroller with round corners is painted through a mask, which took WebKitGTK five times as long for a page of rows.
 */
export const scrollFrame = "flex min-h-0 flex-1 flex-col rounded-lg border bg-surface py-0.75";

/** A surface with a title line. Depth is the surface, not a shadow. */
export function Panel({ title, aside, flush, className, children }: PanelProps) {
  return (
    <section className={cx("min-w-0 overflow-hidden rounded-lg border bg-surface", className)}>
      {title && (
        <header className="flex min-h-10 items-center gap-3 border-b px-4 py-1.5">
          <h2 className="min-w-0 flex-1 truncate font-semibold">{title}</h2>
          {aside && <div className="shrink-0 text-muted">{aside}</div>}
        </header>
      )}
      <div className={flush ? undefined : "p-4"}>{children}</div>
    </section>
  );
}

/** Label and value in two columns; one below the other where it is narrow. */
export function Facts({
  facts,
  className,
}: {
  facts: ([string, ReactNode] | false | null | undefined)[];
  className?: string;
}) {
  return (
    <dl className={cx("grid grid-cols-[minmax(7rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-2", className)}>
      {facts.map(
        (fact) =>
          fact && (
            <div key={fact[0]} className="contents">
              <dt className="text-muted">{fact[0]}</dt>
              <dd className="min-w-0 break-words">{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** How much of something is used; the figure stands beside it in words. */
export function Meter({ value, label }: { value: number; label: string }) {
  const part = Math.min(1, Math.max(0, value));
  return (
    <span
      role="meter"
      aria-label={label}
      aria-valuenow={Math.round(part * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      className="block h-1.5 w-full overflow-hidden rounded-full bg-line"
    >
      <span
        className="block h-full rounded-full bg-accent"
        style={{ width: `${part === 0 ? 0 : Math.max(4, part * 100)}%` }}
      />
    </span>
  );
}

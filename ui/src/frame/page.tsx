import type { ReactNode } from "react";
import { cx } from "@/lib/cx";
import { useCrumbs, type Crumb } from "./crumbs";

interface PageProps {
  title: ReactNode;
  /** Beside the title: how it stands, in a word. */
  status?: ReactNode;
  /** Below the title, one quiet line. */
  lead?: ReactNode;
  trail: Crumb[];
  /** At the right of the title; one of them primary. */
  actions?: ReactNode;
  /** Fills the height and scrolls inside (tables, canvases), instead of scrolling as a whole. */
  fill?: boolean;
  width?: "text" | "full";
  children: ReactNode;
}

/** A page: title line with its one primary action, then content. */
export function Page({ title, status, lead, trail, actions, fill, width = "full", children }: PageProps) {
  useCrumbs(trail);
  return (
    <div
      className={cx(
        "flex min-h-full flex-col px-4 pt-4 pb-6 sm:px-6",
        fill && "h-full pb-4",
        width === "text" && "mx-auto w-full max-w-200",
      )}
    >
      <header className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1">
          <div className="flex min-w-0 flex-wrap items-center gap-x-3">
            <h1
              tabIndex={-1}
              className="truncate text-xl font-semibold tracking-tight"
              title={typeof title === "string" ? title : undefined}
            >
              {title}
            </h1>
            {status}
          </div>
          {lead && <div className="mt-0.5 text-muted">{lead}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

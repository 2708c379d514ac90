import type { ReactNode } from "react";
import { RotateCw, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { asUserError } from "@/api/errors";
import { cx } from "@/lib/cx";
import { Button } from "./button";
import { Shape, toneBorder, toneTint, type Tone } from "./status";

/** Where something will be. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx("skeleton block", className ?? "h-4 w-full")} />;
}

export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("common.loading")} className="grid gap-px">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-9 items-center gap-4 px-3">
          <Skeleton className="size-2.5" />
          <Skeleton className={cx("h-3", row % 3 === 0 ? "w-40" : row % 3 === 1 ? "w-28" : "w-52")} />
          <Skeleton className="h-3 w-24" />
          <Skeleton className="ml-auto h-3 w-16" />
        </div>
      ))}
    </div>
  );
}

interface EmptyProps {
  icon: LucideIcon;
  title: string;
  /** What this is, and what to do first. */
  text: ReactNode;
  children?: ReactNode;
}

export function Empty({ icon: Icon, title, text, children }: EmptyProps) {
  return (
    <div className="grid justify-items-center gap-2 px-6 py-14 text-center">
      <span className="grid size-10 place-items-center rounded-lg border border-dashed border-line-strong text-muted">
        <Icon aria-hidden className="size-5" strokeWidth={1.5} />
      </span>
      <h2 className="mt-2 text-lg font-semibold">{title}</h2>
      <p className="max-w-110 text-muted">{text}</p>
      {children && <div className="mt-3 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}

interface NoticeProps {
  tone: Tone;
  title: ReactNode;
  children?: ReactNode;
  /** What to do, most useful first. */
  hints?: string[] | undefined;
  actions?: ReactNode;
  /** Read out at once. */
  urgent?: boolean;
  className?: string;
}

/** Something to know, on the page it concerns. */
export function Notice({ tone, title, children, hints = [], actions, urgent, className }: NoticeProps) {
  return (
    <div
      role={urgent ? "alert" : undefined}
      className={cx(
        "flex flex-wrap items-start gap-x-3 gap-y-2 rounded-lg border px-3 py-2.5",
        toneBorder[tone],
        toneTint[tone],
        className,
      )}
    >
      <Shape tone={tone} className="mt-1.5" />
      <div className="min-w-50 flex-1">
        <p className="font-medium break-words">{title}</p>
        {children && <div className="mt-0.5 text-muted">{children}</div>}
        <Hints hints={hints} />
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}

export function Hints({ hints }: { hints: string[] }) {
  if (hints.length === 0) return null;
  return (
    <ul className="mt-1 grid gap-0.5 text-muted">
      {hints.map((hint) => (
        <li key={hint} className="flex gap-1.5">
          <span aria-hidden>→</span>
          <span className="min-w-0 break-words">{hint}</span>
        </li>
      ))}
    </ul>
  );
}

interface ErrorProps {
  error: unknown;
  /** What could not be done, e.g. “The peers could not be read.” Left out, the error speaks for itself. */
  title?: string;
  onRetry?: () => void;
  actions?: ReactNode;
}

/** What, why, what to do; with a way to try again. */
export function ErrorNotice({ error, title, onRetry, actions }: ErrorProps) {
  const { t } = useTranslation();
  const { message, hints } = asUserError(error);
  const retry = onRetry && (
    <Button size="sm" icon={RotateCw} onClick={onRetry}>
      {t("common.tryAgain")}
    </Button>
  );
  return (
    <Notice
      urgent
      tone="bad"
      title={title ?? message}
      hints={hints}
      actions={
        (retry ?? actions) && (
          <>
            {actions}
            {retry}
          </>
        )
      }
    >
      {title && message}
    </Notice>
  );
}

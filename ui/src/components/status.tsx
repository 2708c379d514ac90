import type { ComponentType, ReactNode } from "react";
import { cx } from "@/lib/cx";
import { Dash, Dot, Dotted, Ring, Square, Triangle } from "./marks";

/** How something stands. Always shape, word and colour together. */
export type Tone = "ok" | "warn" | "bad" | "info" | "off" | "unknown";

const shapes: Record<Tone, ComponentType<{ className?: string }>> = {
  ok: Dot,
  warn: Triangle,
  bad: Square,
  info: Ring,
  off: Dash,
  unknown: Dotted,
};

export const toneText: Record<Tone, string> = {
  ok: "text-ok",
  warn: "text-warn",
  bad: "text-bad",
  info: "text-info",
  off: "text-muted",
  unknown: "text-muted",
};

export const toneBorder: Record<Tone, string> = {
  ok: "border-ok/50",
  warn: "border-warn/60",
  bad: "border-bad/60",
  info: "border-info/50",
  off: "border-line",
  unknown: "border-line",
};

export const toneTint: Record<Tone, string> = {
  ok: "tint-ok",
  warn: "tint-warn",
  bad: "tint-bad",
  info: "tint-info",
  off: "",
  unknown: "",
};

export function Shape({ tone, className }: { tone: Tone; className?: string }) {
  const Mark = shapes[tone];
  return <Mark className={cx(toneText[tone], className)} />;
}

interface StatusProps {
  tone: Tone;
  children: ReactNode;
  /** More of it, e.g. why; after the word, quieter. */
  detail?: ReactNode;
  className?: string;
}

export function Status({ tone, children, detail, className }: StatusProps) {
  return (
    <span className={cx("inline-flex min-w-0 items-center gap-1.5", className)}>
      <Shape tone={tone} />
      <span
        className={cx(
          "shrink-0",
          tone === "ok" || tone === "off" || tone === "unknown" ? "" : toneText[tone],
        )}
      >
        {children}
      </span>
      {detail && <span className="truncate text-muted">{detail}</span>}
    </span>
  );
}

/** A word in a frame: a protocol, a kind, a state that is no status. */
export function Badge({ children, tone }: { children: ReactNode; tone?: Tone }) {
  return (
    <span
      className={cx(
        "inline-flex h-5 items-center gap-1 rounded-sm border px-1.5 text-xs whitespace-nowrap",
        tone ? cx(toneText[tone], toneBorder[tone]) : "border-line text-muted",
      )}
    >
      {tone && <Shape tone={tone} className="size-2" />}
      {children}
    </span>
  );
}

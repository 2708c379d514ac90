import type { ComponentProps } from "react";
import type { LucideIcon } from "lucide-react";
import { toneText, type Tone } from "@/components/status";
import { cx } from "@/lib/cx";

const fill: Record<Tone, string> = {
  ok: "bg-current",
  bad: "bg-current",
  warn: "bg-current",
  info: "bg-current",
  off: "bg-surface",
  unknown: "bg-surface",
};

/** The end of a link on the edge of a card. */
export function Socket({ side, name, tone }: { side: "left" | "right"; name: string; tone: Tone }) {
  return (
    <span
      aria-hidden
      data-socket={name}
      className={cx(
        "absolute top-1/2 z-10 size-2.5 -translate-y-1/2 border-2 border-current",
        tone === "bad" ? "rounded-[1px]" : "rounded-full",
        side === "right" ? "-right-1.25" : "-left-1.25",
        toneText[tone],
        fill[tone],
      )}
    />
  );
}

interface HandleProps extends ComponentProps<"button"> {
  side: "left" | "right";
  icon: LucideIcon;
  label: string;
  socket: string;
}

/** What is dragged from, or picked. */
export function Handle({ side, icon: Icon, label, socket, ...rest }: HandleProps) {
  return (
    <button
      type="button"
      data-socket={socket}
      aria-label={label}
      title={label}
      {...rest}
      className={cx(
        "absolute top-1/2 z-10 grid size-6 -translate-y-1/2 cursor-grab touch-none place-items-center rounded-full border border-line-strong bg-surface text-muted hover:border-accent hover:text-accent aria-pressed:border-accent aria-pressed:bg-accent aria-pressed:text-on-accent pointer-coarse:size-9",
        side === "right" ? "-right-3" : "-left-3",
      )}
    >
      <Icon aria-hidden className="size-3.5" strokeWidth={1.75} />
    </button>
  );
}

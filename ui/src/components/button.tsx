import type { ComponentProps, ReactNode } from "react";
import type { LucideIcon } from "lucide-react";
import { cx } from "@/lib/cx";
import { Tip } from "./tip";

export type ButtonVariant = "primary" | "plain" | "ghost" | "danger";

const base =
  "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md text-sm font-medium whitespace-nowrap select-none " +
  "transition-colors duration-100 disabled:opacity-50 disabled:pointer-events-none pointer-coarse:min-h-11";

const variants: Record<ButtonVariant, string> = {
  primary: "bg-accent text-on-accent hover:brightness-110 active:brightness-95",
  plain: "border border-line bg-surface hover:border-line-strong hover:bg-hover active:bg-sunken",
  ghost: "text-muted hover:text-text hover:tint-muted aria-pressed:text-text aria-pressed:tint-muted",
  danger: "border border-bad/60 text-bad hover:tint-bad",
};

const sizes = { md: "h-8 px-3", sm: "h-7 px-2" };

export function buttonClass(variant: ButtonVariant = "plain", size: keyof typeof sizes = "md"): string {
  return cx(base, variants[variant], sizes[size]);
}

interface ButtonProps extends ComponentProps<"button"> {
  variant?: ButtonVariant;
  size?: keyof typeof sizes;
  icon?: LucideIcon;
  /** Work is under way: the button keeps its words and cannot be pressed again. */
  busy?: boolean;
}

/** A button says what happens. One `primary` a view. */
export function Button({
  variant = "plain",
  size = "md",
  icon: Icon,
  busy,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled ?? busy}
      aria-busy={busy || undefined}
      className={cx(buttonClass(variant, size), busy && "animate-pulse", className)}
    >
      {Icon && <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />}
      {children}
    </button>
  );
}

/** Within a line of text, e.g. “Change” behind what can be changed. */
export function LinkButton(props: Omit<ComponentProps<"button">, "className">) {
  return <button type="button" {...props} className="rounded-sm text-accent hover:underline" />;
}

interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  icon: LucideIcon;
  /** What it does: its name for screen readers and its tip. */
  label: string;
  shortcut?: string;
  badge?: ReactNode;
  variant?: ButtonVariant;
}

export function IconButton({
  icon: Icon,
  label,
  shortcut,
  badge,
  variant = "ghost",
  ...rest
}: IconButtonProps) {
  return (
    <Tip text={label} shortcut={shortcut}>
      <button
        type="button"
        {...rest}
        aria-label={rest["aria-label"] ?? label}
        className={cx(base, variants[variant], "relative size-8 pointer-coarse:min-w-11", rest.className)}
      >
        <Icon aria-hidden className="size-4" strokeWidth={1.75} />
        {badge}
      </button>
    </Tip>
  );
}

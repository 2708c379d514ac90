import type { ComponentProps } from "react";
import { cx } from "@/lib/cx";

type MarkProps = ComponentProps<"svg">;

const Svg = ({ className, children, ...rest }: MarkProps) => (
  <svg viewBox="0 0 10 10" aria-hidden className={cx("inline-block size-2.5 shrink-0", className)} {...rest}>
    {children}
  </svg>
);

/** Works. */
export const Dot = (props: MarkProps) => (
  <Svg {...props}>
    <circle cx="5" cy="5" r="4" fill="currentColor" />
  </Svg>
);

/** Worth a look. */
export const Triangle = (props: MarkProps) => (
  <Svg {...props}>
    <path d="M5 0.8 9.6 9.2H0.4Z" fill="currentColor" />
  </Svg>
);

/** Does not work. */
export const Square = (props: MarkProps) => (
  <Svg {...props}>
    <rect x="1" y="1" width="8" height="8" rx="1" fill="currentColor" />
  </Svg>
);

/** Under way, or good to know. */
export const Ring = (props: MarkProps) => (
  <Svg {...props}>
    <circle cx="5" cy="5" r="3.4" fill="none" stroke="currentColor" strokeWidth="1.8" />
  </Svg>
);

/** Switched off by the person. */
export const Dash = (props: MarkProps) => (
  <Svg {...props}>
    <rect x="1" y="4" width="8" height="2" rx="1" fill="currentColor" />
  </Svg>
);

/** Not known. */
export const Dotted = (props: MarkProps) => (
  <Svg {...props}>
    <circle
      cx="5"
      cy="5"
      r="3.6"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeDasharray="1.6 1.5"
    />
  </Svg>
);

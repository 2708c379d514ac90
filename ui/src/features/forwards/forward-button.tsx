import type { ComponentProps } from "react";
import type { ForwardRow } from "@/api/generated/types";
import { cx } from "@/lib/cx";
import { createStore } from "@/lib/store";

/** The forward that is pointed at; the wires of the others step back. Outside of the cards: none is drawn anew for it. */
export const pointed = createStore<string | null>(null);

interface ForwardButtonProps extends Pick<ComponentProps<"button">, "title" | "className" | "children"> {
  forward: ForwardRow;
  onOpen: (forward: ForwardRow) => void;
}

/** A forward on a card of the picture, at either end of its wire. */
export function ForwardButton({ forward, onOpen, className, ...rest }: ForwardButtonProps) {
  const here = pointed.use((id) => id === forward.id);
  const point = () => pointed.set(forward.id);
  const leave = () => pointed.set(null);
  return (
    <button
      type="button"
      {...rest}
      onClick={() => onOpen(forward)}
      onPointerEnter={point}
      onPointerLeave={leave}
      onFocus={point}
      onBlur={leave}
      className={cx(
        "flex h-8 w-full items-center gap-2 text-left -outline-offset-2 pointer-coarse:h-11",
        here && "bg-hover",
        className,
      )}
    />
  );
}

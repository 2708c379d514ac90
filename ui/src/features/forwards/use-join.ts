import { useCallback, useEffect, useState, type PointerEvent, type RefObject } from "react";

/** An end of a forward that is to be: a public IP, or a machine. */
export type End = { side: "front"; address: string } | { side: "home"; key: string };

export interface Joined {
  address: string;
  key: string;
  /** Where the form opens, in pixels of the window. */
  at: { x: number; y: number };
}

const socketOf = (end: End) => (end.side === "front" ? `front-${end.address}` : `home-${end.key}`);

const readEnd = (element: Element | null): End | null => {
  const holder = element?.closest<HTMLElement>("[data-end]");
  return holder?.dataset.end ? (JSON.parse(holder.dataset.end) as End) : null;
};

/** Moves of a few pixels are a click. */
const CLICK = 5;

/**
 * Joins a public IP and a machine: by dragging from one to the other, or by picking one and then the other, with the
 * mouse or the keyboard.
 */
export function useJoin(within: RefObject<HTMLElement | null>, onJoin: (joined: Joined) => void) {
  const [picked, setPicked] = useState<End | null>(null);
  const [pointer, setPointer] = useState<{ x: number; y: number } | null>(null);

  const join = useCallback(
    (a: End, b: End, at: { x: number; y: number }) => {
      setPicked(null);
      setPointer(null);
      if (a.side === "front" && b.side === "home") onJoin({ address: a.address, key: b.key, at });
      if (a.side === "home" && b.side === "front") onJoin({ address: b.address, key: a.key, at });
    },
    [onJoin],
  );

  useEffect(() => {
    if (!picked) return;
    const escape = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setPicked(null);
      setPointer(null);
    };
    window.addEventListener("keydown", escape);
    return () => window.removeEventListener("keydown", escape);
  }, [picked]);

  /** For the button of an end: dragging begins on it, a click or Enter picks it. */
  const handle = (end: End) => ({
    "data-end": JSON.stringify(end),
    "aria-pressed": picked !== null && socketOf(picked) === socketOf(end),
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      const from = { x: event.clientX, y: event.clientY };
      let dragged = false;
      const move = (next: globalThis.PointerEvent) => {
        if (!dragged && Math.hypot(next.clientX - from.x, next.clientY - from.y) < CLICK) return;
        dragged = true;
        setPicked(end);
        const origin = within.current?.getBoundingClientRect();
        if (origin) setPointer({ x: next.clientX - origin.left, y: next.clientY - origin.top });
      };
      const stop = () => {
        window.removeEventListener("pointermove", move);
        window.removeEventListener("pointerup", drop);
        window.removeEventListener("pointercancel", cancel);
      };
      const drop = (next: globalThis.PointerEvent) => {
        stop();
        if (!dragged) return;
        const other = readEnd(document.elementFromPoint(next.clientX, next.clientY));
        setPointer(null);
        setPicked(null);
        if (other) join(end, other, { x: next.clientX, y: next.clientY });
      };
      const cancel = () => {
        stop();
        setPointer(null);
        setPicked(null);
      };
      window.addEventListener("pointermove", move);
      window.addEventListener("pointerup", drop);
      window.addEventListener("pointercancel", cancel);
    },
    onClick: (event: { currentTarget: HTMLElement }) => {
      const box = event.currentTarget.getBoundingClientRect();
      if (!picked || picked.side === end.side)
        setPicked(picked && socketOf(picked) === socketOf(end) ? null : end);
      else join(picked, end, { x: box.left + box.width / 2, y: box.bottom });
    },
  });

  /** For the whole card of an end, which takes what is dropped on it. */
  const target = (end: End) => ({ "data-end": JSON.stringify(end) });

  return {
    picked,
    handle,
    target,
    loose: picked && pointer ? { from: socketOf(picked), to: pointer } : null,
  };
}

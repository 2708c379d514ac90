import { useLayoutEffect, useState, type RefObject } from "react";
import type { Tone } from "@/components/status";
import { cx } from "@/lib/cx";

export interface Link {
  id: string;
  /** Names of the sockets that it joins: `data-socket`. */
  from: string;
  to: string;
  tone: Tone;
  /** In pixels. */
  width: number;
}

interface Point {
  x: number;
  y: number;
}

/** Where each socket is, in pixels of the picture; measured anew when the picture changes its size or content. */
export function useSockets(links: RefObject<SVGSVGElement | null>, content: unknown): Map<string, Point> {
  const [places, setPlaces] = useState<Map<string, Point>>(new Map());
  useLayoutEffect(() => {
    // What is around the links; a ref to that would be set only after this has run.
    const element = links.current?.parentElement;
    if (!element) return;
    const measure = () => {
      const origin = element.getBoundingClientRect();
      const next = new Map<string, Point>();
      for (const socket of element.querySelectorAll<HTMLElement>("[data-socket]")) {
        const box = socket.getBoundingClientRect();
        next.set(socket.dataset.socket ?? "", {
          x: box.left + box.width / 2 - origin.left,
          y: box.top + box.height / 2 - origin.top,
        });
      }
      setPlaces(next);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [links, content]);
  return places;
}

const stroke: Record<Tone, string> = {
  ok: "stroke-ok",
  bad: "stroke-bad",
  warn: "stroke-warn",
  info: "stroke-info",
  off: "stroke-line-strong",
  unknown: "stroke-muted",
};

export function curve(a: Point, b: Point): string {
  const bend = Math.max(40, Math.abs(b.x - a.x) / 2);
  return `M${a.x},${a.y} C${a.x + bend},${a.y} ${b.x - bend},${b.y} ${b.x},${b.y}`;
}

interface LinksProps {
  ref: RefObject<SVGSVGElement | null>;
  links: Link[];
  places: Map<string, Point>;
  /** The one that is pointed at; the others step back. */
  lit: string | null;
  /** From a socket to the pointer, while something is dragged. */
  loose: { from: string; to: Point } | null;
}

/** Links as soft curves behind the cards. They repeat what the cards say, hence nothing for screen readers. */
export function Links({ ref, links, places, lit, loose }: LinksProps) {
  const start = loose && places.get(loose.from);
  return (
    <svg
      ref={ref}
      aria-hidden
      className="pointer-events-none absolute inset-0 size-full overflow-visible"
      fill="none"
    >
      {links.map((link) => {
        const a = places.get(link.from);
        const b = places.get(link.to);
        if (!a || !b) return null;
        const back = lit !== null && lit !== link.id;
        return (
          <g key={link.id} className={cx("transition-opacity duration-100", back && "opacity-20")}>
            <path
              d={curve(a, b)}
              className={stroke[link.tone]}
              strokeWidth={lit === link.id ? link.width + 1 : link.width}
              strokeDasharray={link.tone === "off" ? "4 5" : undefined}
              strokeOpacity={link.tone === "ok" || link.tone === "unknown" ? 0.75 : 1}
            />
            {link.tone === "bad" && (
              <rect x={b.x - 4} y={b.y - 4} width={8} height={8} className="fill-bad" />
            )}
          </g>
        );
      })}
      {loose && start && (
        <path
          d={curveLoose(start, loose.to)}
          className="stroke-accent"
          strokeWidth={2.5}
          strokeDasharray="2 4"
          strokeLinecap="round"
        />
      )}
    </svg>
  );
}

function curveLoose(from: Point, to: Point): string {
  return from.x <= to.x ? curve(from, to) : curve(to, from);
}

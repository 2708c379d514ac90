import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { painted } from "@/frame/appearance";
import { exact, ticks } from "@/lib/format";
import type { Window } from "./range";
import type { Values } from "./series";

/** One line of a chart. */
export interface Line {
  label: string;
  /** A token, e.g. `--chart-1`. */
  colour: string;
  values: Values;
  /** Drawn downwards from the middle. */
  below?: boolean;
}

export interface PlotProps {
  times: number[];
  lines: Line[];
  /** Lines stand on those before them, each side by itself. */
  stacked?: boolean;
  height: number;
  /** What the chart shows, in a sentence. */
  label: string;
  format: (value: number) => string;
  /** The highest value at least, e.g. 1 of a share. */
  least?: number;
  window: Window;
  /** Dragged over to zoom; with Shift, moved; none: back to the whole range. */
  onWindow?: ((next: Window | null) => void) | undefined;
}

const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Mixes two colours written as `#rrggbb` or `#rgb`; stacked areas cover each other, so none may be seen through. */
function mixed(over: string, under: string, part: number): string {
  const parts = (hex: string) => {
    const long = hex.length === 4 ? hex.replace(/[\da-f]/gi, "$&$&") : hex;
    return [1, 3, 5].map((at) => parseInt(long.slice(at, at + 2), 16));
  };
  const [one, other] = [parts(over), parts(under)];
  return `rgb(${one.map((value, at) => Math.round(value * part + (other[at] ?? 0) * (1 - part))).join(" ")})`;
}

/** What is drawn, the widest area first. Below the middle is negative. */
function drawn(lines: Line[], stacked: boolean): { line: Line; values: Values }[] {
  const sums = { above: [] as number[], below: [] as number[] };
  const all = lines.map((line) => {
    const side = line.below ? sums.below : sums.above;
    const sign = line.below ? -1 : 1;
    const values = line.values.map((value, at) => {
      if (value === null) return null;
      if (!stacked) return value * sign;
      side[at] = (side[at] ?? 0) + value;
      return side[at] * sign;
    });
    return { line, values };
  });
  return stacked ? all.reverse() : all;
}

/** Values over time. Gaps stay gaps; the pointer shows exact values. */
export default function Plot(props: PlotProps) {
  const { times, lines, stacked = false, height, label, format, least = 0, window, onWindow } = props;
  const { i18n } = useTranslation();
  const colours = painted.use();
  const place = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<{ index: number; left: number } | null>(null);
  const latest = useRef({ format, onWindow });
  useEffect(() => {
    latest.current = { format, onWindow };
  });
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const axis = {
      stroke: token("--muted"),
      grid: { stroke: token("--line"), width: 1 },
      ticks: { show: false },
      font: "11px Inter Variable",
    };
    const surface = token("--surface");
    const areas = drawn(lines, stacked);
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: {
          y: false,
          points: { show: false },
          drag: { x: !!onWindow, y: false, setScale: false },
          bind: { dblclick: () => () => null },
        },
        scales: {
          x: { time: true, auto: false, min: window.from, max: window.to },
          y: {
            range: (_self, low, high) => [
              Math.min(0, (low || 0) * 1.1),
              Math.max((high || 0) * 1.1, least, low < 0 ? 0 : 1e-9),
            ],
          },
        },
        axes: [
          {
            ...axis,
            space: 64,
            size: 40,
            values: (_self, moments, _axis, _space, step) => ticks(moments, step, i18n.language),
          },
          {
            ...axis,
            size: 76,
            values: (_self, values) => values.map((value) => latest.current.format(Math.abs(value))),
          },
        ],
        series: [
          {},
          ...areas.map(({ line }) => {
            const colour = token(line.colour);
            return {
              label: line.label,
              stroke: colour,
              width: 1.25,
              spanGaps: false,
              fill: stacked ? mixed(colour, surface, 0.55) : mixed(colour, surface, 0.12),
              fillTo: 0,
              points: { show: times.length < 30, size: 4 },
            };
          }),
        ],
        hooks: {
          setCursor: [
            (self) => {
              const { idx, left } = self.cursor;
              setAt(
                idx === null || idx === undefined || left === undefined || left < 0
                  ? null
                  : { index: idx, left: left + self.over.offsetLeft },
              );
            },
          ],
          setSelect: [
            (self) => {
              const { left, width } = self.select;
              if (width < 6) return;
              const next = { from: self.posToVal(left, "x"), to: self.posToVal(left + width, "x") };
              self.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
              latest.current.onWindow?.(next);
            },
          ],
        },
      },
      [times, ...areas.map((area) => area.values)],
      element,
    );
    const stop = panned(plot, window, (next) => latest.current.onWindow?.(next));
    const back = () => latest.current.onWindow?.(null);
    plot.over.addEventListener("dblclick", back);
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      stop();
      observer.disconnect();
      plot.destroy();
      setAt(null);
    };
  }, [times, lines, stacked, height, least, window.from, window.to, !onWindow, i18n.language, colours]); // eslint-disable-line react-hooks/exhaustive-deps -- its parts
  const moment = at ? times[at.index] : undefined;
  return (
    <div className="relative">
      <div ref={place} role="img" aria-label={label} />
      {at && moment !== undefined && (
        <Tooltip left={at.left} width={place.current?.clientWidth ?? 0}>
          <span className="block font-medium">{exact(moment * 1000, i18n.language)}</span>
          {lines.map((line) => {
            const value = line.values[at.index];
            return (
              <span key={`${line.label}${line.below ?? false}`} className="flex items-center gap-2">
                <span className="size-2 shrink-0" style={{ background: `var(${line.colour})` }} />
                <span className="min-w-0 flex-1 truncate text-muted">
                  {line.below === undefined ? "" : line.below ? "↑ " : "↓ "}
                  {line.label}
                </span>
                <span>{value === null || value === undefined ? "–" : format(value)}</span>
              </span>
            );
          })}
        </Tooltip>
      )}
    </div>
  );
}

interface TooltipProps {
  left: number;
  width: number;
  children: ReactNode;
}

/** Beside the pointer, on the side where there is room. Its words are in the table too, so it is not read out. */
function Tooltip({ left, width, children }: TooltipProps) {
  const side = left > width / 2 ? { right: width - left + 12 } : { left: left + 12 };
  return (
    <div
      aria-hidden
      style={side}
      className="pointer-events-none absolute top-2 z-10 grid w-56 gap-0.5 rounded-md border border-line-strong bg-raised px-2.5 py-2 text-xs shadow-float"
    >
      {children}
    </div>
  );
}

/** Moves the window while Shift is held; only the scale moves until it is let go, then it is asked for. */
function panned(plot: uPlot, window: Window, done: (next: Window) => void): () => void {
  const over = plot.over;
  const start = (event: MouseEvent) => {
    if (!event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const seconds = (window.to - window.from) / over.clientWidth;
    let shift = 0;
    const move = (now: MouseEvent) => {
      shift = (event.clientX - now.clientX) * seconds;
      over.style.cursor = "grabbing";
      plot.setScale("x", { min: window.from + shift, max: window.to + shift });
    };
    const end = () => {
      document.removeEventListener("mousemove", move);
      over.style.cursor = "";
      if (shift !== 0) done({ from: window.from + shift, to: window.to + shift });
    };
    document.addEventListener("mousemove", move);
    document.addEventListener("mouseup", end, { once: true });
  };
  over.addEventListener("mousedown", start, true);
  return () => over.removeEventListener("mousedown", start, true);
}

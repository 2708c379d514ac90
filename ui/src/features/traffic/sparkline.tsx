import { memo } from "react";
import type { Values } from "@/features/monitoring/series";

const WIDTH = 56;
const HEIGHT = 18;

/** Less than this many bytes a second is drawn flat: the keep-alive of an idle tunnel is no traffic. */
const LEAST = 1000;

/** A line without axes, as wide as a word. Where nobody measured, there is no line. */
export const Sparkline = memo(function Sparkline({ values }: { values: Values }) {
  return (
    <svg aria-hidden width={WIDTH} height={HEIGHT} className="shrink-0 text-accent" data-sparkline>
      <path d={outline(values)} fill="none" stroke="currentColor" strokeWidth={1.25} strokeLinejoin="round" />
    </svg>
  );
});

export function outline(values: Values): string {
  const most = Math.max(LEAST, ...values.map((value) => value ?? 0));
  const across = (WIDTH - 2) / Math.max(1, values.length - 1);
  let pen = "M";
  let path = "";
  values.forEach((value, at) => {
    if (value === null) {
      pen = "M";
      return;
    }
    const y = HEIGHT - 1.5 - (value / most) * (HEIGHT - 3);
    path += `${pen}${(1 + at * across).toFixed(1)} ${y.toFixed(1)}`;
    pen = "L";
  });
  return path;
}

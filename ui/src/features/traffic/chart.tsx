import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Sample } from "@/api/samples";
import { painted } from "@/frame/appearance";
import { rate, ticks } from "@/lib/format";

const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Bits a second over time: to home and from home. */
export default function Chart({ samples, height }: { samples: Sample[]; height: number }) {
  const { t, i18n } = useTranslation();
  const colours = painted.use();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const axis = {
      stroke: token("--muted"),
      grid: { stroke: token("--line"), width: 1 },
      ticks: { show: false },
      font: "11px Inter Variable",
    };
    const line = (label: string, color: string) => ({
      label,
      stroke: token(color),
      width: 1.5,
      fill: `${token(color)}1f`,
      points: { show: samples.length < 30, size: 4 },
    });
    const data: uPlot.AlignedData = [
      samples.map((sample) => sample.at / 1000),
      samples.map((sample) => sample.sent),
      samples.map((sample) => sample.received),
    ];
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: { y: false },
        scales: { y: { range: (_self, _min, max) => [0, Math.max(max * 1.15, 1000)] } },
        axes: [
          {
            ...axis,
            space: 64,
            values: (_self, moments, _axis, _space, step) => ticks(moments, step, i18n.language),
          },
          { ...axis, size: 76, values: (_self, values) => values.map((value) => rate(value, i18n.language)) },
        ],
        series: [{}, line(t("traffic.down"), "--accent"), line(t("traffic.up"), "--ok")],
      },
      data,
      element,
    );
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [samples, height, t, i18n.language, colours]);
  const last = samples.at(-1);
  return (
    <div
      ref={place}
      role="img"
      aria-label={t("traffic.chart", {
        down: rate(last?.sent ?? 0, i18n.language),
        up: rate(last?.received ?? 0, i18n.language),
      })}
    />
  );
}

import { useTranslation } from "react-i18next";
import type { HeatCell } from "@/api/generated/types";
import { bytes } from "@/lib/format";

const DAY = 24;
/** A Monday. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** Which of the hours has a number above it. */
const MARKED = 6;

const mean = (cell: HeatCell) => (cell.weeks > 0 ? cell.bytes / cell.weeks : null);

/** Traffic by weekday and hour: the more, the stronger the colour. Each field has its figure in words. */
export function HeatMap({ cells }: { cells: HeatCell[] }) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  const means = cells.map(mean);
  const most = Math.max(1, ...means.map((value) => value ?? 0));
  const day = (at: number, weekday: "short" | "long") =>
    new Intl.DateTimeFormat(locale, { weekday, timeZone: "UTC" }).format(MONDAY + at * DAY_MS);
  const hour = (at: number) => String(at).padStart(2, "0");
  const peak = means.reduce<number>((best, value, at) => ((value ?? 0) > (means[best] ?? 0) ? at : best), 0);
  const said = (at: number) => {
    const value = means[at] ?? null;
    return value === null ? t("analytics.notMeasured") : bytes(value, locale);
  };
  return (
    <div className="grid gap-3">
      <div className="overflow-x-auto pb-1" tabIndex={0} role="region" aria-label={t("analytics.heat")}>
        <table className="w-full min-w-150 table-fixed border-separate border-spacing-0.5 text-xs">
          <caption className="sr-only">{t("analytics.heatCaption")}</caption>
          <thead>
            <tr>
              <td className="w-12" />
              {Array.from({ length: DAY }, (_, at) => (
                <th key={at} scope="col" className="font-normal text-muted">
                  <span className={at % MARKED === 0 ? undefined : "sr-only"}>{hour(at)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: 7 }, (_, row) => (
              <tr key={row}>
                <th scope="row" className="pr-2 text-left font-normal text-muted">
                  {day(row, "short")}
                </th>
                {means.slice(row * DAY, row * DAY + DAY).map((value, at) => (
                  <td
                    key={at}
                    className="h-5 rounded-xs border border-line/60"
                    title={`${day(row, "long")} ${hour(at)}:00 – ${said(row * DAY + at)}`}
                    style={value === null ? undefined : { background: shade(value / most) }}
                  >
                    <span className="sr-only">{said(row * DAY + at)}</span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="text-sm">
        {t("analytics.peak", {
          day: day(Math.floor(peak / DAY), "long"),
          from: `${hour(peak % DAY)}:00`,
          to: `${hour((peak % DAY) + 1)}:00`,
          size: bytes(means[peak] ?? 0, locale),
        })}
      </p>
    </div>
  );
}

/** The square root: a quiet hour is told from an empty one beside a busy evening. */
const shade = (part: number) =>
  `color-mix(in srgb, var(--accent) ${Math.round(Math.sqrt(part) * 100)}%, var(--surface))`;

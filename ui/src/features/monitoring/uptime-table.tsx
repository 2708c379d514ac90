import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Analysis, Uptime, UptimeRow } from "@/api/generated/types";
import { cx } from "@/lib/cx";
import { uptime } from "@/features/hosts/uptime";
import { monthOf } from "@/lib/format";

/** Months that fit beside a name. */
const MOST = 6;

/** For how much of the time in which somebody looked each was there, by month. */
export function UptimeTable({ analysis, months }: { analysis: Analysis; months: number[] }) {
  const { t, i18n } = useTranslation();
  const shown = months.slice(-MOST);
  const groups = [
    { kind: "vps", rows: analysis.vpses },
    { kind: "peer", rows: analysis.peer_uptimes },
  ] as const;
  return (
    <div className="max-h-120 overflow-auto" tabIndex={0} role="region" aria-label={t("analytics.uptime")}>
      <table className="w-full text-sm">
        <caption className="px-4 py-2 text-left text-xs text-muted">{t("analytics.uptimeCaption")}</caption>
        <thead className="border-b text-xs text-muted">
          <tr>
            <th scope="col" className="px-4 py-1.5 text-left font-normal">
              {t("analytics.name")}
            </th>
            {shown.map((at) => (
              <th key={at} scope="col" className="px-3 py-1.5 text-right font-normal whitespace-nowrap">
                {monthOf((analysis.months[at]?.from ?? 0) * 1000, i18n.language)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.flatMap(({ kind, rows }) =>
            rows.map((row) => <Row key={row.id} row={row} kind={kind} months={shown} />),
          )}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row, kind, months }: { row: UptimeRow; kind: "vps" | "peer"; months: number[] }) {
  return (
    <tr className="border-b border-line/50 last:border-b-0">
      <th scope="row" className="max-w-48 truncate px-4 py-1.5 text-left font-medium">
        <Link
          to={kind === "vps" ? "/vpses/$name" : "/peers/$name"}
          params={{ name: row.name }}
          className="hover:underline"
        >
          {row.name}
        </Link>
      </th>
      {months.map((at) => (
        <Month key={at} month={row.months[at]} />
      ))}
    </tr>
  );
}

function Month({ month }: { month: Uptime | undefined }) {
  const { t, i18n } = useTranslation();
  const known = month ? month.up + month.down : 0;
  const style = "px-3 py-1.5 text-right whitespace-nowrap";
  if (!month || known === 0)
    return (
      <td className={cx(style, "text-muted")} title={t("analytics.notMeasured")}>
        <span aria-hidden>{NONE}</span>
        <span className="sr-only">{t("analytics.notMeasured")}</span>
      </td>
    );
  const share = month.up / known;
  const percent = new Intl.NumberFormat(i18n.language, {
    style: "percent",
    minimumFractionDigits: 2,
    // Rounded down: what was away for a second was not there all the time.
    roundingMode: "floor",
  }).format(share);
  const away = t("analytics.away", {
    count: month.outages,
    length: uptime(t, Math.max(60, month.down)),
  });
  return (
    <td className={cx(style, share < 0.99 && "text-warn")} title={month.down > 0 ? away : undefined}>
      {percent}
      {month.down > 0 && <span className="block text-xs text-muted">{away}</span>}
    </td>
  );
}

const NONE = "–";

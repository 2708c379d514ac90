import { Link } from "@tanstack/react-router";
import { ChartLine } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useAnalysis } from "@/api/queries";
import type { Analysis, Carried, MonthTraffic } from "@/api/generated/types";
import { Meter, Panel } from "@/components/layout";
import { Empty, ErrorNotice, Skeleton } from "@/components/states";
import { bytes, monthOf } from "@/lib/format";
import { HeatMap } from "./heat-map";
import type { Window } from "./range";
import { UptimeTable } from "./uptime-table";

interface AnalyticsProps {
  window: Window;
  vps: string | undefined;
}

/** What the past comes to: who carries most, when, whether it grows, and who was away for how long. */
export function Analytics({ window, vps }: AnalyticsProps) {
  const { t } = useTranslation();
  const { data, error, refetch } = useAnalysis({ ...window, step: null }, vps);
  if (error)
    return <ErrorNotice error={error} title={t("monitoring.failed")} onRetry={() => void refetch()} />;
  if (!data)
    return (
      <div role="status" aria-label={t("common.loading")} className="grid gap-4">
        <Skeleton className="h-60 rounded-lg" />
        <Skeleton className="h-60 rounded-lg" />
      </div>
    );
  if (data.heat.every((cell) => cell.weeks === 0))
    return (
      <Panel>
        <Empty icon={ChartLine} title={t("monitoring.nothingTitle")} text={t("monitoring.nothingText")} />
      </Panel>
    );
  return <Shown analysis={data} />;
}

function Shown({ analysis }: { analysis: Analysis }) {
  const { t } = useTranslation();
  const months = analysis.months.flatMap((month, at) => (month.measured ? [at] : []));
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Panel title={t("analytics.heat")} className="lg:col-span-2">
        <HeatMap cells={analysis.heat} />
      </Panel>
      <Panel title={t("analytics.topPeers")}>
        <Top rows={analysis.peers} to="/peers/$name" />
      </Panel>
      <Panel title={t("analytics.topForwards")}>
        <Top rows={analysis.forwards} />
      </Panel>
      <Panel title={t("analytics.months")} className="lg:col-span-2">
        <Months months={months.flatMap((at) => analysis.months[at] ?? [])} />
      </Panel>
      <Panel flush title={t("analytics.uptime")} className="lg:col-span-2">
        <UptimeTable analysis={analysis} months={months} />
      </Panel>
    </div>
  );
}

/** Those that carried most, with how that changed. */
function Top({ rows, to }: { rows: Carried[]; to?: "/peers/$name" }) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  if (rows.length === 0) return <p className="text-muted">{t("analytics.nobody")}</p>;
  const sum = (row: Carried) => row.to_home + row.from_home;
  const most = Math.max(1, ...rows.map(sum));
  return (
    <ol className="grid gap-3">
      {rows.slice(0, 10).map((row) => (
        <li key={row.id} className="grid gap-1">
          <span className="flex items-baseline gap-2">
            <span className="min-w-0 flex-1 truncate" title={`${row.name} (${row.of})`}>
              {to ? (
                <Link to={to} params={{ name: row.name }} className="font-medium hover:underline">
                  {row.name}
                </Link>
              ) : (
                <span className="font-medium">{row.name}</span>
              )}{" "}
              <span className="text-xs text-muted">{row.of}</span>
            </span>
            <Growth before={row.before} now={sum(row)} />
            <span className="whitespace-nowrap">{bytes(sum(row), locale)}</span>
          </span>
          <Meter value={sum(row) / most} label={row.name} />
        </li>
      ))}
    </ol>
  );
}

/** `+12 %` against the time of the same length before; nothing where nobody knows. */
function Growth({ before, now }: { before: number | null; now: number }) {
  const { t, i18n } = useTranslation();
  if (!before) return null;
  const change = new Intl.NumberFormat(i18n.language, {
    style: "percent",
    signDisplay: "exceptZero",
    maximumFractionDigits: 0,
  }).format((now - before) / before);
  return (
    <span className="text-xs whitespace-nowrap text-muted" title={t("analytics.growth")}>
      {change}
    </span>
  );
}

function Months({ months }: { months: MonthTraffic[] }) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  const sum = (month: MonthTraffic) => month.to_home + month.from_home;
  const most = Math.max(1, ...months.map(sum));
  return (
    <ol className="grid gap-2">
      {months.map((month, at) => {
        const before = months[at - 1];
        return (
          <li key={month.from} className="grid grid-cols-[7rem_1fr_8rem] items-center gap-3">
            <span className="text-muted">{monthOf(month.from * 1000, locale)}</span>
            <Meter value={sum(month) / most} label={monthOf(month.from * 1000, locale)} />
            <span
              className="flex items-baseline justify-end gap-2 whitespace-nowrap"
              title={t("analytics.both", {
                down: bytes(month.to_home, locale),
                up: bytes(month.from_home, locale),
              })}
            >
              {before && at < months.length - 1 && <Growth before={sum(before)} now={sum(month)} />}
              {bytes(sum(month), locale)}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

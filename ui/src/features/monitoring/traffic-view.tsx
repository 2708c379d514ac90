import { lazy, Suspense } from "react";
import { Link } from "@tanstack/react-router";
import { ChartLine } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Disclosure } from "@/components/disclosure";
import { Panel } from "@/components/layout";
import { Empty, ErrorNotice, Skeleton } from "@/components/states";
import { bytes, count, rate } from "@/lib/format";
import type { Window } from "./range";
import { percentile95 } from "./series";
import { rateOr, useTraffic, type PeerPast, type Traffic } from "./use-traffic";

const Plot = lazy(() => import("./plot"));

interface ViewProps {
  window: Window;
  vps: string | undefined;
  onWindow: (next: Window | null) => void;
}

/** Bandwidth by peer: to home upwards, from home downwards; below it the same in figures. */
export function TrafficView({ window, vps, onWindow }: ViewProps) {
  const { t, i18n } = useTranslation();
  const { traffic, error, retry } = useTraffic(
    window,
    t("monitoring.others"),
    (peer) => !vps || peer.vps_name === vps,
    vps ?? "",
  );
  const title = t("monitoring.traffic");
  if (error) return <ErrorNotice error={error} title={t("monitoring.failed")} onRetry={retry} />;
  if (!traffic)
    return (
      <Panel title={title}>
        <div role="status" aria-label={t("common.loading")}>
          <Skeleton className="h-75" />
        </div>
      </Panel>
    );
  if (traffic.times.length === 0)
    return (
      <Panel title={title}>
        <Empty icon={ChartLine} title={t("monitoring.nothingTitle")} text={t("monitoring.nothingText")} />
      </Panel>
    );
  const locale = i18n.language;
  const total = (pick: (peer: PeerPast) => number) =>
    bytes(
      traffic.peers.reduce((sum, peer) => sum + pick(peer), 0),
      locale,
    );
  const label = t("monitoring.trafficChart", {
    down: total((peer) => peer.down.sum),
    up: total((peer) => peer.up.sum),
  });
  return (
    <Panel title={title} aside={<Legend traffic={traffic} />}>
      <dl className="mb-3 grid grid-cols-2 gap-x-6 gap-y-2 md:grid-cols-4">
        <Figure name={t("monitoring.sumDown")} value={total((peer) => peer.down.sum)} />
        <Figure name={t("monitoring.p95Down")} value={rateOr(percentile95(traffic.down), locale)} />
        <Figure name={t("monitoring.sumUp")} value={total((peer) => peer.up.sum)} />
        <Figure name={t("monitoring.p95Up")} value={rateOr(percentile95(traffic.up), locale)} />
      </dl>
      {traffic.of > traffic.peers.length && (
        <p className="mb-2 text-xs text-muted">
          {t("monitoring.some", {
            shown: count(traffic.peers.length, locale),
            all: count(traffic.of, locale),
          })}
        </p>
      )}
      <Suspense fallback={<Skeleton className="h-75" />}>
        <Plot
          stacked
          times={traffic.times}
          lines={traffic.lines}
          height={300}
          label={label}
          format={(value) => rate(value, locale)}
          least={125}
          window={window}
          onWindow={onWindow}
        />
      </Suspense>
      <div className="mt-3">
        <Disclosure startOpen label={t("monitoring.table")}>
          <Table peers={traffic.peers} />
        </Disclosure>
      </div>
    </Panel>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="text-lg font-semibold">{value}</dd>
    </div>
  );
}

function Legend({ traffic }: { traffic: Traffic }) {
  return (
    <ul className="flex max-w-140 flex-wrap justify-end gap-x-3 text-xs">
      {traffic.lines
        .filter((line) => !line.below)
        .map((line) => (
          <li key={line.label} className="flex max-w-36 items-center gap-1.5">
            <span aria-hidden className="size-2 shrink-0" style={{ background: `var(${line.colour})` }} />
            <span className="truncate" title={line.label}>
              {line.label}
            </span>
          </li>
        ))}
    </ul>
  );
}

function Table({ peers }: { peers: PeerPast[] }) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  const end = "px-3 py-1.5 text-right font-normal whitespace-nowrap";
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={t("monitoring.byPeer")}>
      <table className="w-full text-sm">
        <caption className="sr-only">{t("monitoring.byPeer")}</caption>
        <thead className="border-b text-xs text-muted">
          <tr>
            <th scope="col" className="px-3 py-1.5 text-left font-normal">
              {t("monitoring.peer")}
            </th>
            {(["sumDown", "p95Down", "peakDown", "sumUp", "p95Up", "peakUp"] as const).map((key) => (
              <th key={key} scope="col" className={end}>
                {t(`monitoring.${key}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {peers.map(({ row, down, up }) => (
            <tr key={row.id} className="border-b border-line/50 last:border-b-0">
              <th scope="row" className="max-w-48 truncate px-3 py-1.5 text-left font-medium">
                <Link to="/peers/$name" params={{ name: row.name }} className="hover:underline">
                  {row.name}
                </Link>
              </th>
              {[down, up].map((total, at) => [
                <td key={`sum${at}`} className={end}>
                  {bytes(total.sum, locale)}
                </td>,
                <td key={`p95${at}`} className={end}>
                  {rateOr(total.p95, locale)}
                </td>,
                <td key={`peak${at}`} className={end}>
                  {rate(total.peak, locale)}
                </td>,
              ])}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

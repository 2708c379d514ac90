import { lazy, Suspense } from "react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFigures } from "@/api/queries";
import type { PeerRow } from "@/api/generated/types";
import { Panel } from "@/components/layout";
import { ErrorNotice, Skeleton } from "@/components/states";
import { windowOf, type Range } from "@/features/monitoring/range";
import { useTraffic, type Traffic } from "@/features/monitoring/use-traffic";
import { useNow } from "@/lib/clock";
import { bytes, rate } from "@/lib/format";

const Plot = lazy(() => import("@/features/monitoring/plot"));
const HostSystem = lazy(() =>
  import("@/features/monitoring/system").then((module) => ({ default: module.HostSystem })),
);

interface PanelProps {
  range: Range;
  /** Of these peers; none for all. */
  only?: (peer: PeerRow) => boolean;
  /** What `only` leaves, as a name. */
  of?: string;
  vps?: string;
  tall?: boolean;
}

const everyone = () => true;

/** Bandwidth by peer over a range, from the history. */
export function TrafficPanel({ range, only = everyone, of = "", vps, tall }: PanelProps) {
  const { t } = useTranslation();
  const window = windowOf(range, useNow());
  const { traffic, error, retry } = useTraffic(window, t("monitoring.others"), only, of);
  const height = tall ? 280 : 180;
  return (
    <Panel
      title={t(`traffic.title.${range}`)}
      aside={
        <Link to="/monitoring" search={{ range, vps }} className="text-xs hover:text-text hover:underline">
          {t("traffic.more")}
        </Link>
      }
    >
      {error ? (
        <ErrorNotice error={error} title={t("monitoring.failed")} onRetry={retry} />
      ) : !traffic ? (
        <Skeleton className={tall ? "h-70" : "h-45"} />
      ) : traffic.times.length === 0 ? (
        <p className="text-muted">{t("monitoring.nothingText")}</p>
      ) : (
        <Drawn traffic={traffic} window={window} height={height} />
      )}
    </Panel>
  );
}

interface DrawnProps {
  traffic: Traffic;
  window: { from: number; to: number };
  height: number;
}

function Drawn({ traffic, window, height }: DrawnProps) {
  const { t, i18n } = useTranslation();
  const sum = (side: "down" | "up") =>
    bytes(
      traffic.peers.reduce((all, peer) => all + peer[side].sum, 0),
      i18n.language,
    );
  return (
    <Suspense fallback={<Skeleton className={height > 200 ? "h-70" : "h-45"} />}>
      <Plot
        stacked
        times={traffic.times}
        lines={traffic.lines}
        height={height}
        label={t("traffic.chart", { down: sum("down"), up: sum("up") })}
        format={(value) => rate(value, i18n.language)}
        least={125}
        window={window}
      />
    </Suspense>
  );
}

/** Everything that is measured of a VPS over the last day. */
export function VpsMetrics({ name }: { name: string }) {
  const { data } = useFigures();
  const window = windowOf("day", useNow());
  const host = data?.find((one) => one.name === name);
  return (
    <div className="grid gap-4">
      <TrafficPanel range="day" only={(peer) => peer.vps_name === name} of={name} vps={name} tall />
      {host && (
        <Suspense fallback={<Skeleton className="h-48 rounded-lg" />}>
          <HostSystem host={host} window={window} />
        </Suspense>
      )}
    </div>
  );
}

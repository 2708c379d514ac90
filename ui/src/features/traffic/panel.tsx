import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { traffic } from "@/api/samples";
import { Panel } from "@/components/layout";
import { Skeleton } from "@/components/states";
import { rate } from "@/lib/format";
import { summed } from "./rates";

const Chart = lazy(() => import("./chart"));

/** Traffic since the window is open. There is no history before that, and none is made up. */
export function TrafficPanel({ peers, tall }: { peers: string[]; tall?: boolean }) {
  const { t, i18n } = useTranslation();
  const series = traffic.use();
  // By name: the list itself is another one each time that a page is drawn.
  const names = peers.join("\n");
  const samples = useMemo(
    () => summed(names.split("\n").map((peer) => series.get(peer)?.samples ?? [])),
    [names, series],
  );
  const last = samples.at(-1);
  const aside = last && (
    <span className="flex gap-3 text-xs">
      <span>
        <span className="text-accent">↓</span> {rate(last.sent, i18n.language)}
      </span>
      <span>
        <span className="text-ok">↑</span> {rate(last.received, i18n.language)}
      </span>
    </span>
  );
  return (
    <Panel title={t("traffic.title")} aside={aside}>
      {samples.length < 2 ? (
        <p className="text-muted">{t("traffic.tooFew")}</p>
      ) : (
        <Suspense fallback={<Skeleton className={tall ? "h-70" : "h-36"} />}>
          <Chart samples={samples} height={tall ? 280 : 150} />
        </Suspense>
      )}
    </Panel>
  );
}

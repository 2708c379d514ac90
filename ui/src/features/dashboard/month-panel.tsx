import { useTranslation } from "react-i18next";
import { useFigures } from "@/api/queries";
import { Facts, Panel } from "@/components/layout";
import { ErrorNotice, Skeleton } from "@/components/states";
import { HOUR, monthBegin } from "@/features/monitoring/range";
import { useTraffic, type PeerPast } from "@/features/monitoring/use-traffic";
import { useNow } from "@/lib/clock";
import { bytes, count } from "@/lib/format";

const everyone = () => true;

/** What went through this month, in the reader's own zone, and what is open now. */
export function MonthPanel() {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const window = { from: monthBegin(now), to: Math.ceil(now / 1000 / HOUR) * HOUR };
  const { traffic, error, retry } = useTraffic(window, t("monitoring.others"), everyone, "");
  const { data: hosts } = useFigures();
  const locale = i18n.language;
  const open = hosts?.flatMap((host) => host.forwards).reduce((sum, one) => sum + one.connections, 0);
  const sum = (pick: (peer: PeerPast) => number) =>
    traffic ? (
      bytes(
        traffic.peers.reduce((all, peer) => all + pick(peer), 0),
        locale,
      )
    ) : (
      <Skeleton className="h-4 w-20" />
    );
  return (
    <Panel title={t("dashboard.month")}>
      {error ? (
        <ErrorNotice error={error} title={t("monitoring.failed")} onRetry={retry} />
      ) : (
        <Facts
          facts={[
            [t("monitoring.sumDown"), sum((peer) => peer.down.sum)],
            [t("monitoring.sumUp"), sum((peer) => peer.up.sum)],
            [t("dashboard.openNow"), open === undefined ? "–" : count(open, locale)],
          ]}
        />
      )}
      {traffic && traffic.of > traffic.peers.length && (
        <p className="mt-2 text-xs text-muted">
          {t("dashboard.someOf", {
            shown: count(traffic.peers.length, locale),
            all: count(traffic.of, locale),
          })}
        </p>
      )}
    </Panel>
  );
}

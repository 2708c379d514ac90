import { Activity } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMeasureTunnel } from "@/api/mutations";
import { useFigures, usePast } from "@/api/queries";
import type { PastView, PeerRow, TunnelQuality } from "@/api/generated/types";
import { Button } from "@/components/button";
import { Facts, Panel } from "@/components/layout";
import { ErrorNotice, Notice } from "@/components/states";
import { Ago } from "@/components/time";
import { stretchOf, windowOf } from "@/features/monitoring/range";
import { useNow } from "@/lib/clock";
import { millis } from "@/lib/format";

/** How well a peer's tunnel carries: the last measurement, the last day, and one more on request. */
export function QualityPanel({ peer }: { peer: PeerRow }) {
  const { t } = useTranslation();
  const measure = useMeasureTunnel();
  const figures = useFigures([peer.vps_name]);
  const kept = figures.data?.flatMap((host) => host.peers).find((one) => one.id === peer.id)?.quality;
  const last = measure.data ?? kept;
  return (
    <Panel
      title={t("quality.title")}
      aside={
        peer.state !== "suspended" && (
          <Button
            size="sm"
            icon={Activity}
            busy={measure.isPending}
            onClick={() => measure.mutate(peer.name)}
          >
            {t("quality.measure")}
          </Button>
        )
      }
    >
      <div className="grid gap-3">
        {measure.error && <ErrorNotice error={measure.error} title={t("quality.failed")} />}
        {last ? <Measured quality={last} /> : <p className="text-muted">{t("quality.never")}</p>}
        <LastDay peer={peer} />
      </div>
    </Panel>
  );
}

function Measured({ quality }: { quality: TunnelQuality }) {
  const { t, i18n } = useTranslation();
  const ms = (value: number | null) => (value === null ? NONE : millis(value, i18n.language));
  const narrow = quality.carries !== null && quality.carries < quality.mtu;
  return (
    <>
      <Facts
        facts={[
          [
            t("quality.roundTrip"),
            t("quality.meanMost", { mean: ms(quality.mean_ms), most: ms(quality.most_ms) }),
          ],
          [t("quality.lost"), t("quality.of", { lost: quality.lost, sent: quality.sent })],
          [
            t("quality.carries"),
            quality.carries === null ? NONE : t("quality.bytes", { size: quality.carries, mtu: quality.mtu }),
          ],
          [t("quality.at"), <Ago key="a" at={quality.at * 1000} />],
        ]}
      />
      {narrow && (
        <Notice tone="warn" title={t("quality.narrowTitle")}>
          {t("quality.narrow")}
        </Notice>
      )}
    </>
  );
}

/** The last day in one line: what its measurements come to. */
function LastDay({ peer }: { peer: PeerRow }) {
  const { t, i18n } = useTranslation();
  const past = usePast([{ kind: "tunnel", id: peer.id }], stretchOf(windowOf("day", useNow())));
  const day = past.data?.[0] && dayOf(past.data[0]);
  if (!day) return null;
  return (
    <p className="text-xs text-muted">
      {t("quality.day", {
        mean: day.mean === null ? NONE : millis(day.mean, i18n.language),
        most: millis(day.most, i18n.language),
        loss: new Intl.NumberFormat(i18n.language, { style: "percent", maximumFractionDigits: 1 }).format(
          day.loss,
        ),
      })}
    </p>
  );
}

function dayOf(view: PastView): { mean: number | null; most: number; loss: number } | null {
  const sum = (name: string) => view.columns.find((one) => one.column === name)?.sum ?? 0;
  const sent = sum("pings");
  if (sent === 0) return null;
  const back = sent - sum("pings_lost");
  const peaks = view.columns.find((one) => one.column === "round_trip_most")?.peak ?? [];
  return {
    mean: back > 0 ? sum("round_trips") / back / 1000 : null,
    most: Math.max(0, ...peaks) / 1000,
    loss: sum("pings_lost") / sent,
  };
}

const NONE = "–";

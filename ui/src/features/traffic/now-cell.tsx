import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Column, PastView, SeriesRef } from "@/api/generated/types";
import { lastHour, useRecent } from "@/api/recent";
import { added, valuesAt, type Values } from "@/features/monitoring/series";
import { useNow } from "@/lib/clock";
import { rate } from "@/lib/format";
import type { Rate } from "./rates";
import { Sparkline } from "./sparkline";

interface NowCellProps {
  kind: SeriesRef["kind"];
  id: string;
  /** None where it was not polled. */
  now: Rate | null;
}

/** What goes through now, and how the last hour was, in one cell of a table. */
export function NowCell({ kind, id, now }: NowCellProps) {
  const { t, i18n } = useTranslation();
  const { data } = useRecent(kind, id);
  const { to } = lastHour(useNow());
  const values = useMemo(() => minutes(kind, data, to), [kind, data, to]);
  if (!now) return <span className="text-muted">–</span>;
  const locale = i18n.language;
  const tip = t(kind === "host" ? "traffic.nowTipHost" : "traffic.nowTip", {
    down: rate(now.down, locale),
    up: rate(now.up, locale),
  });
  return (
    <span className="flex items-center justify-end gap-2" title={tip}>
      {values.some((value) => value !== null) && <Sparkline values={values} />}
      <span className="w-17 text-right">{rate(now.down + now.up, locale)}</span>
    </span>
  );
}

const COLUMNS: Record<SeriesRef["kind"], readonly Column[]> = {
  host: ["received", "sent"],
  peer: ["to_home", "from_home"],
  forward: ["to_home", "from_home"],
  public_ip: ["to_home", "from_home"],
  tunnel: [],
};

/** Both ways together, minute by minute of the hour until `to` (seconds). */
function minutes(kind: SeriesRef["kind"], view: PastView | undefined, to: number): Values {
  if (!view) return [];
  const times = Array.from({ length: 60 }, (_, at) => to + (at - 60) * 60);
  return added(
    COLUMNS[kind].map((column) => valuesAt(view, column, times)),
    times.length,
  );
}

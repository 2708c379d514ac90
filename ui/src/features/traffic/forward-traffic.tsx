import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { usePast } from "@/api/queries";
import type { ForwardRow, PastView } from "@/api/generated/types";
import { ErrorNotice, Skeleton } from "@/components/states";
import { stretchOf, windowOf } from "@/features/monitoring/range";
import { timesOf, totalOf, valuesAt } from "@/features/monitoring/series";
import { useNow } from "@/lib/clock";
import { bytes, count, rate } from "@/lib/format";

const Plot = lazy(() => import("@/features/monitoring/plot"));

/** What one forward carried over the last day, and how many were connected. */
export function ForwardTraffic({ forward }: { forward: ForwardRow }) {
  const { t } = useTranslation();
  const window = windowOf("day", useNow());
  const past = usePast([{ kind: "forward", id: forward.id }], stretchOf(window));
  const view = past.data?.[0];
  return (
    <section aria-label={t("traffic.title.day")} className="grid gap-3">
      <h3 className="font-semibold">{t("traffic.title.day")}</h3>
      {past.error ? (
        <ErrorNotice error={past.error} title={t("monitoring.failed")} onRetry={() => void past.refetch()} />
      ) : !view ? (
        <Skeleton className="h-40" />
      ) : timesOf([view]).length === 0 ? (
        <p className="text-muted">{t("monitoring.nothingText")}</p>
      ) : (
        <Drawn view={view} window={window} />
      )}
    </section>
  );
}

function Drawn({ view, window }: { view: PastView; window: { from: number; to: number } }) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  const times = useMemo(() => timesOf([view]), [view]);
  const [down, up] = [totalOf(view, "to_home"), totalOf(view, "from_home")];
  const open = view.columns.find((column) => column.column === "connections");
  const most = Math.max(0, ...(open?.peak ?? []));
  return (
    <>
      <Suspense fallback={<Skeleton className="h-40" />}>
        <Plot
          stacked
          times={times}
          lines={[
            {
              label: t("monitoring.sumDown"),
              colour: "--chart-1",
              values: valuesAt(view, "to_home", times),
            },
            {
              label: t("monitoring.sumUp"),
              colour: "--chart-2",
              values: valuesAt(view, "from_home", times),
              below: true,
            },
          ]}
          height={150}
          label={t("traffic.chart", { down: bytes(down.sum, locale), up: bytes(up.sum, locale) })}
          format={(value) => rate(value, locale)}
          least={125}
          window={window}
        />
      </Suspense>
      <p className="text-xs text-muted">
        {t("traffic.forward", {
          down: bytes(down.sum, locale),
          up: bytes(up.sum, locale),
          most: count(most, locale),
        })}
      </p>
    </>
  );
}

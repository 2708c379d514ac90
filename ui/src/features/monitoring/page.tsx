import { useState } from "react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ChartLine, ChevronLeft, ChevronRight, ZoomOut } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useCollecting, usePeers, useVpses } from "@/api/queries";
import { Button, buttonClass } from "@/components/button";
import { Segments } from "@/components/choice";
import { Panel } from "@/components/layout";
import { Select } from "@/components/select";
import { Empty, ErrorNotice, Notice, Skeleton } from "@/components/states";
import { Page } from "@/frame/page";
import { useNow } from "@/lib/clock";
import { bytes, exact } from "@/lib/format";
import { LONG_RANGES, moved, RANGES, windowOf, zoomed, type Window } from "./range";
import { Analytics } from "./analytics";
import { SystemPanels } from "./system";
import { TrafficView } from "./traffic-view";

const ALL = "*";

const VIEWS = ["figures", "analytics"] as const;

/** What was, as far back as one likes: traffic by peer, and how the machines were doing. */
export function MonitoringPage() {
  const { t } = useTranslation();
  const vpses = useVpses();
  const peers = usePeers();
  const trail = [{ label: t("nav.monitoring") }];
  const error = vpses.error ?? peers.error;
  if (error || !vpses.data || !peers.data)
    return (
      <Page title={t("nav.monitoring")} trail={trail}>
        {error ? (
          <ErrorNotice
            error={error}
            title={t("monitoring.failed")}
            onRetry={() => void Promise.all([vpses.refetch(), peers.refetch()])}
          />
        ) : (
          <div role="status" aria-label={t("common.loading")} className="grid gap-4">
            <Skeleton className="h-80 rounded-lg" />
            <Skeleton className="h-48 rounded-lg" />
          </div>
        )}
      </Page>
    );
  if (vpses.data.length === 0)
    return (
      <Page title={t("nav.monitoring")} trail={trail}>
        <Panel>
          <Empty icon={ChartLine} title={t("monitoring.emptyTitle")} text={t("monitoring.emptyText")}>
            <Link to="/vpses/add" className={buttonClass("primary")}>
              {t("vpses.add")}
            </Link>
          </Empty>
        </Panel>
      </Page>
    );
  return <Watched vpses={vpses.data.map((vps) => vps.name)} />;
}

function Watched({ vpses }: { vpses: string[] }) {
  const { t } = useTranslation();
  const search = useSearch({ from: "/monitoring" });
  const navigate = useNavigate({ from: "/monitoring" });
  const now = useNow();
  const analytics = search.view === "analytics";
  const ranges = analytics ? LONG_RANGES : RANGES;
  const range = ranges.find((one) => one === search.range) ?? (analytics ? "month" : "day");
  const vps = vpses.find((name) => name === search.vps);
  const [zoom, setZoom] = useState<Window | null>(null);
  const window = zoom ?? windowOf(range, now);
  const set = (next: Partial<typeof search>) => {
    if (next.range) setZoom(null);
    void navigate({ search: { ...search, ...next }, replace: true });
  };
  const onWindow = (next: Window | null) => setZoom(next && zoomed(next, now / 1000));
  const actions = (
    <>
      <Segments
        label={t("analytics.views")}
        value={analytics ? "analytics" : "figures"}
        onChange={(next) => set({ view: next === "analytics" ? next : undefined })}
        segments={VIEWS.map((value) => ({ value, label: t(`analytics.view.${value}`) }))}
      />
      <span className="w-44">
        <Select
          aria-label={t("monitoring.vps")}
          value={vps ?? ALL}
          onChange={(next) => set({ vps: next === ALL ? undefined : next })}
          options={[
            { value: ALL, label: t("monitoring.allVpses") },
            ...vpses.map((value) => ({ value, label: value })),
          ]}
        />
      </span>
      <Segments
        label={t("monitoring.ranges")}
        value={range}
        onChange={(next) => set({ range: next })}
        segments={ranges.map((value) => ({ value, label: t(`monitoring.range.${value}`) }))}
      />
    </>
  );
  return (
    <Page
      title={t("nav.monitoring")}
      trail={[{ label: t("nav.monitoring") }]}
      lead={<Collecting />}
      actions={actions}
    >
      <div className="grid gap-4">
        <OtherCollects />
        {analytics ? (
          <Analytics window={windowOf(range, now)} vps={vps} />
        ) : (
          <>
            <Moves window={window} zoomed={zoom !== null} now={now / 1000} onWindow={setZoom} />
            <TrafficView window={window} vps={vps} onWindow={onWindow} />
            <SystemPanels
              window={window}
              vps={vps}
              onWindow={onWindow}
              onVps={(name) => set({ vps: name })}
            />
          </>
        )}
      </div>
    </Page>
  );
}

interface MovesProps {
  window: Window;
  zoomed: boolean;
  now: number;
  onWindow: (next: Window | null) => void;
}

/** What is shown, and what the pointer does, for the keyboard. */
function Moves({ window, zoomed: isZoomed, now, onWindow }: MovesProps) {
  const { t, i18n } = useTranslation();
  const say = (at: number) => exact(at * 1000, i18n.language);
  const middle = (window.from + window.to) / 2;
  const quarter = (window.to - window.from) / 4;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <p className="min-w-50 flex-1 text-xs text-muted">
        {t("monitoring.window", { from: say(window.from), to: say(Math.min(window.to, now)) })}{" "}
        {t("monitoring.how")}
      </p>
      <Button size="sm" icon={ChevronLeft} onClick={() => onWindow(moved(window, -0.5, now))}>
        {t("monitoring.earlier")}
      </Button>
      <Button
        size="sm"
        icon={ChevronRight}
        disabled={window.to >= now}
        onClick={() => onWindow(moved(window, 0.5, now))}
      >
        {t("monitoring.later")}
      </Button>
      <Button
        size="sm"
        onClick={() => onWindow(zoomed({ from: middle - quarter, to: middle + quarter }, now))}
      >
        {t("monitoring.closer")}
      </Button>
      <Button size="sm" icon={ZoomOut} disabled={!isZoomed} onClick={() => onWindow(null)}>
        {t("monitoring.whole")}
      </Button>
    </div>
  );
}

function Collecting() {
  const { t, i18n } = useTranslation();
  const { data } = useCollecting();
  if (!data) return null;
  return (
    <>
      {data.recording && `${t("monitoring.every", { seconds: data.interval })} `}
      {t("monitoring.size", { size: bytes(data.history_bytes, i18n.language) })}
    </>
  );
}

function OtherCollects() {
  const { t } = useTranslation();
  const { data } = useCollecting();
  if (!data || data.recording) return null;
  return (
    <Notice tone="info" title={t("monitoring.otherTitle")}>
      {t("monitoring.otherText")}
    </Notice>
  );
}

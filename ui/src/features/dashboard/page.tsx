import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useForwards, useLive, usePeers, useSettings, useVpses } from "@/api/queries";
import { ErrorNotice, Skeleton } from "@/components/states";
import { Panel } from "@/components/layout";
import { HostActivity } from "@/features/activity/host-activity";
import { AlertsPanel } from "./alerts-panel";
import { FirstStart } from "./first-start";
import { Hero } from "./hero";
import { Lanes } from "./lanes";
import { MonthPanel } from "./month-panel";
import { Prove } from "./prove";
import { TrafficPanel } from "@/features/traffic/panel";
import { Page } from "@/frame/page";

/** Can people connect right now? And if not, where it ends. */
export function DashboardPage() {
  const { t } = useTranslation();
  const vpses = useVpses();
  const peers = usePeers();
  const forwards = useForwards();
  const { data: settings } = useSettings();
  const live = useLive();
  const trail = [{ label: t("nav.dashboard") }];
  const error = vpses.error ?? peers.error ?? forwards.error;
  if (error) {
    const retry = () =>
      void Promise.all([vpses.refetch(), peers.refetch(), forwards.refetch(), live.refetch()]);
    return (
      <Page title={t("nav.dashboard")} trail={trail}>
        <ErrorNotice error={error} title={t("dashboard.failed")} onRetry={retry} />
      </Page>
    );
  }
  if (!vpses.data || !peers.data || !forwards.data) {
    return (
      <Page title={t("nav.dashboard")} trail={trail}>
        <div role="status" aria-label={t("common.loading")} className="grid gap-4">
          <Skeleton className="h-44 rounded-lg" />
          <div className="grid gap-4 md:grid-cols-[2fr_1fr]">
            <Skeleton className="h-64 rounded-lg" />
            <Skeleton className="h-64 rounded-lg" />
          </div>
        </div>
      </Page>
    );
  }
  const started = vpses.data.length > 0 && peers.data.length > 0 && forwards.data.length > 0;
  if (!started && !settings?.welcomed) {
    return (
      <Page title={t("first.title")} lead={t("first.lead")} trail={trail}>
        <FirstStart vpses={vpses.data.length} peers={peers.data.length} forwards={forwards.data.length} />
      </Page>
    );
  }
  return (
    <Page title={<span className="sr-only">{t("nav.dashboard")}</span>} trail={trail}>
      <div className="-mt-4 grid gap-4">
        <Prove />
        <Hero vpses={vpses.data} peers={peers.data} forwards={forwards.data} />
        <div className="grid items-start gap-4 md:grid-cols-[minmax(0,5fr)_minmax(0,3fr)]">
          <div className="grid gap-4">
            <Lanes vpses={vpses.data} peers={peers.data} />
            <TrafficPanel range="week" />
          </div>
          <div className="grid gap-4">
            <AlertsPanel />
            <MonthPanel />
            <Panel
              flush
              title={t("dashboard.recent")}
              aside={
                <Link to="/activity" className="text-xs hover:text-text hover:underline">
                  {t("common.all")}
                </Link>
              }
            >
              <HostActivity bare most={7} />
            </Panel>
          </div>
        </div>
      </div>
    </Page>
  );
}

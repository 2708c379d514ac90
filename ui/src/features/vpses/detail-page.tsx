import { lazy, Suspense } from "react";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useLive, useVps } from "@/api/queries";
import type { VpsPage as Vps } from "@/api/generated/types";
import { ErrorNotice, Skeleton, SkeletonRows } from "@/components/states";
import { Tabs } from "@/components/tabs";
import { Page } from "@/frame/page";
import { useTab } from "@/frame/use-tab";
import { hostsByName, hostStand } from "@/features/hosts/health";
import { Standing } from "@/features/hosts/standing";
import { HostActions } from "@/features/hosts/host-actions";
import { HostNotices } from "@/features/hosts/host-notices";
import { HostPanel, InterfacesPanel } from "@/features/hosts/host-facts";
import { HostActivity } from "@/features/activity/host-activity";
import { PeerList } from "@/features/peers/peer-list";
import { VpsMetrics } from "@/features/traffic/panel";
import { Pool } from "./pool";
import { QuotaPanel } from "./quota-panel";
import { VpsSettings } from "./settings-tab";
import { TunnelPanel } from "./tunnel-panel";

const TABS = ["overview", "peers", "metrics", "terminal", "activity", "settings"] as const;

const HostTerminal = lazy(() => import("@/features/terminal/host-terminal"));

export function VpsPage() {
  const { t } = useTranslation();
  const { name } = useParams({ from: "/vpses/$name" });
  const vps = useVps(name);
  const trail = [{ label: t("nav.vpses"), to: "/vpses" }, { label: name }];
  if (!vps.data) {
    return (
      <Page title={name} trail={trail}>
        {vps.error ? <ErrorNotice error={vps.error} onRetry={() => void vps.refetch()} /> : <SkeletonRows />}
      </Page>
    );
  }
  return <Detail page={vps.data} trail={trail} />;
}

function Detail({ page, trail }: { page: Vps; trail: { label: string; to?: string }[] }) {
  const { t } = useTranslation();
  const { name } = page.row;
  const { data: all } = useLive();
  const live = hostsByName(all).get(name) ?? page.host.live ?? undefined;
  const host = { ...page.host, live: live ?? null };
  const stand = hostStand(t, live, page.row.set_up);
  const [tab, setTab] = useTab(TABS);
  const tabs = [
    {
      value: "overview" as const,
      label: t("vps.tab.overview"),
      content: (
        <div className="grid gap-4 lg:grid-cols-[3fr_2fr]">
          <div className="grid content-start gap-4">
            <Pool page={page} />
            <TunnelPanel page={page} />
          </div>
          <div className="grid content-start gap-4">
            <HostPanel host={host} />
            <QuotaPanel vps={name} />
            <InterfacesPanel host={host} />
          </div>
        </div>
      ),
    },
    {
      value: "peers" as const,
      label: t("nav.peers"),
      count: page.row.peers,
      content: <PeerList peers={page.peers} vps={name} />,
    },
    {
      value: "metrics" as const,
      label: t("vps.tab.metrics"),
      content: <VpsMetrics name={name} />,
    },
    {
      value: "terminal" as const,
      label: t("nav.terminal"),
      content: (
        <Suspense fallback={<Skeleton className="h-80" />}>
          <HostTerminal host={name} />
        </Suspense>
      ),
    },
    { value: "activity" as const, label: t("nav.activity"), content: <HostActivity name={name} /> },
    { value: "settings" as const, label: t("nav.settings"), content: <VpsSettings page={page} /> },
  ];
  return (
    <Page
      title={name}
      fill={tab === "terminal"}
      status={<Standing brief stand={stand} className="text-sm" />}
      lead={<span className="font-mono text-xs">{page.row.addresses.join(" · ")}</span>}
      trail={trail}
      actions={<HostActions kind="vps" name={name} host={name} />}
    >
      <HostNotices host={host} />
      <Tabs label={name} value={tab} tabs={tabs} onChange={setTab} />
    </Page>
  );
}

import { lazy, Suspense, useState } from "react";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Ellipsis, Pencil, RotateCcw, SquareTerminal, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLive, useVps } from "@/api/queries";
import type { VpsPage as Vps } from "@/api/generated/types";
import { buttonClass, IconButton } from "@/components/button";
import { Menu, MenuItem, MenuLine } from "@/components/menu";
import { ErrorNotice, Skeleton, SkeletonRows } from "@/components/states";
import { Status } from "@/components/status";
import { Tabs } from "@/components/tabs";
import { Page } from "@/frame/page";
import { hostsByName, hostStand } from "@/features/hosts/health";
import { HostNotices } from "@/features/hosts/host-notices";
import { HostPanel, InterfacesPanel } from "@/features/hosts/host-facts";
import { RemoveDialog } from "@/features/hosts/remove-dialog";
import { RenameDialog } from "@/features/hosts/rename-dialog";
import { HostActivity } from "@/features/activity/host-activity";
import { openPlan } from "@/features/plans/plan-dialog";
import { PeerList } from "@/features/peers/peer-list";
import { TrafficPanel } from "@/features/traffic/panel";
import { Pool } from "./pool";
import { VpsSettings } from "./settings-tab";
import { TunnelPanel } from "./tunnel-panel";

const TABS = ["overview", "peers", "metrics", "terminal", "activity", "settings"] as const;

const HostTerminal = lazy(() => import("@/features/terminal/host-terminal"));
type Tab = (typeof TABS)[number];

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
  const search = useSearch({ from: "/vpses/$name" });
  const navigate = useNavigate({ from: "/vpses/$name" });
  const tab: Tab = TABS.find((one) => one === search.tab) ?? "overview";
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
      content: <TrafficPanel peers={page.peers.map((peer) => peer.name)} tall />,
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
      status={
        <Status tone={stand.tone} className="text-sm">
          {stand.word}
        </Status>
      }
      lead={<span className="font-mono text-xs">{page.row.addresses.join(" · ")}</span>}
      trail={trail}
      actions={<Actions name={name} />}
    >
      <HostNotices host={host} />
      <Tabs
        label={name}
        value={tab}
        tabs={tabs}
        onChange={(next) =>
          void navigate({ search: { tab: next === "overview" ? undefined : next }, replace: true })
        }
      />
    </Page>
  );
}

function Actions({ name }: { name: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [open, setOpen] = useState<"rename" | "remove" | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <Link to="/terminal" search={{ host: name }} className={buttonClass()}>
        <SquareTerminal aria-hidden className="size-4" strokeWidth={1.75} />
        {t("nav.terminal")}
      </Link>
      <Menu trigger={<IconButton variant="plain" icon={Ellipsis} label={t("common.more")} />}>
        <MenuItem icon={Pencil} onSelect={() => setOpen("rename")}>
          {t("vps.rename")}
        </MenuItem>
        <MenuItem
          icon={RotateCcw}
          onSelect={() =>
            openPlan({
              title: t("host.rollback"),
              source: { change: { change: "host_rollback", host: name, generation: null } },
            })
          }
        >
          {t("host.rollback")}
        </MenuItem>
        <MenuLine />
        <MenuItem icon={Trash2} danger onSelect={() => setOpen("remove")}>
          {t("vps.remove")}
        </MenuItem>
      </Menu>
      {open === "rename" && (
        <RenameDialog
          kind="vps"
          name={name}
          onClose={close}
          onRenamed={(next) => void navigate({ to: "/vpses/$name", params: { name: next } })}
        />
      )}
      {open === "remove" && (
        <RemoveDialog
          kind="vps"
          names={[name]}
          onClose={close}
          onRemoved={() => void navigate({ to: "/vpses" })}
        />
      )}
    </>
  );
}

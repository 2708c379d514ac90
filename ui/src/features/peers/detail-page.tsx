import { useState } from "react";
import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeftRight, KeyRound, Pause, Play, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLive, usePeer } from "@/api/queries";
import type { PeerPage as Peer } from "@/api/generated/types";
import { buttonClass } from "@/components/button";
import { MenuItem } from "@/components/menu";
import { ErrorNotice, SkeletonRows } from "@/components/states";
import { Badge } from "@/components/status";
import { Tabs } from "@/components/tabs";
import { HostActivity } from "@/features/activity/host-activity";
import { ForwardList } from "@/features/forwards/forward-list";
import { hostsByName, peerStand, tunnelsByPeer } from "@/features/hosts/health";
import { Standing } from "@/features/hosts/standing";
import { HostActions } from "@/features/hosts/host-actions";
import { HostPanel, InterfacesPanel } from "@/features/hosts/host-facts";
import { HostNotices } from "@/features/hosts/host-notices";
import { openPlan } from "@/features/plans/plan-dialog";
import { TrafficPanel } from "@/features/traffic/panel";
import { Page } from "@/frame/page";
import { useTab } from "@/frame/use-tab";
import { setPeersActive } from "./changes";
import { ClientConfigPanel } from "./client-config";
import { MoveDialog } from "./move-dialog";
import { QualityPanel } from "./quality-panel";
import { AddressesPanel, TunnelPanel } from "./panels";

const TABS = ["overview", "forwards", "metrics", "activity"] as const;

export function PeerPage() {
  const { t } = useTranslation();
  const { name } = useParams({ from: "/peers/$name" });
  const peer = usePeer(name);
  const trail = [{ label: t("nav.peers"), to: "/peers" }, { label: name }];
  if (!peer.data) {
    return (
      <Page title={name} trail={trail}>
        {peer.error ? (
          <ErrorNotice error={peer.error} onRetry={() => void peer.refetch()} />
        ) : (
          <SkeletonRows />
        )}
      </Page>
    );
  }
  return <Detail page={peer.data} trail={trail} />;
}

function Detail({ page, trail }: { page: Peer; trail: { label: string; to?: string }[] }) {
  const { t } = useTranslation();
  const { row } = page;
  const { data: all } = useLive();
  const tunnel = tunnelsByPeer(all).get(row.name) ?? page.tunnel ?? undefined;
  const stand = peerStand(t, row, tunnel);
  const host = page.host && { ...page.host, live: hostsByName(all).get(page.host.name) ?? page.host.live };
  const [tab, setTab] = useTab(TABS);
  const tabs = [
    {
      value: "overview" as const,
      label: t("vps.tab.overview"),
      content: (
        <div className="grid gap-4 lg:grid-cols-[3fr_2fr]">
          <div className="grid content-start gap-4">
            <AddressesPanel page={page} />
            <TunnelPanel page={page} tunnel={tunnel} />
          </div>
          <div className="grid content-start gap-4">
            {row.kind === "manual" && <ClientConfigPanel peer={row.name} />}
            {host && <HostPanel host={host} />}
            {host && <InterfacesPanel host={host} />}
          </div>
        </div>
      ),
    },
    {
      value: "forwards" as const,
      label: t("nav.forwards"),
      count: page.forwards.length,
      content: <ForwardList forwards={page.forwards} peer={row.name} />,
    },
    {
      value: "metrics" as const,
      label: t("vps.tab.metrics"),
      content: (
        <div className="grid gap-4">
          <TrafficPanel range="day" only={(peer) => peer.id === row.id} of={row.id} tall />
          <QualityPanel peer={row} />
        </div>
      ),
    },
    { value: "activity" as const, label: t("nav.activity"), content: <HostActivity name={row.name} /> },
  ];
  return (
    <Page
      title={row.name}
      status={
        <span className="flex items-center gap-2">
          <Standing stand={stand} />
          <Badge>{t(`peer.kind.${row.kind}`)}</Badge>
        </span>
      }
      lead={
        <>
          {t("peers.on")}{" "}
          <Link
            to="/vpses/$name"
            params={{ name: row.vps_name }}
            className="text-text underline decoration-line-strong underline-offset-2 hover:decoration-current"
          >
            {row.vps_name}
          </Link>{" "}
          · <span className="font-mono text-xs">{row.public_ip}</span>
        </>
      }
      trail={trail}
      actions={<Actions page={page} />}
    >
      {host && <HostNotices host={host} />}
      <Tabs label={row.name} value={tab} tabs={tabs} onChange={setTab} />
    </Page>
  );
}

function Actions({ page: { row } }: { page: Peer }) {
  const { t } = useTranslation();
  const [moving, setMoving] = useState(false);
  const { name } = row;
  const suspended = row.state === "suspended";
  const rotate = () =>
    openPlan({
      title: t("peers.rotateTitle", { name }),
      source: { change: { change: "peer_rotate_keys", name } },
    });
  return (
    <>
      <HostActions kind="peer" name={name} host={row.host}>
        <MenuItem icon={ArrowLeftRight} onSelect={() => setMoving(true)}>
          {t("peers.move")}
        </MenuItem>
        <MenuItem icon={suspended ? Play : Pause} onSelect={() => setPeersActive(t, [name], suspended)}>
          {t(suspended ? "peers.resume" : "peers.suspend")}
        </MenuItem>
        <MenuItem icon={KeyRound} onSelect={rotate}>
          {t("peers.rotate")}
        </MenuItem>
      </HostActions>
      <Link to="/forwards" search={{ open: "new", peer: name }} className={buttonClass("primary")}>
        <Plus aria-hidden className="size-4" />
        {t("forwards.add")}
      </Link>
      {moving && <MoveDialog peer={row} onClose={() => setMoving(false)} />}
    </>
  );
}

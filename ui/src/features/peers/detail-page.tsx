import { useState } from "react";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import {
  ArrowLeftRight,
  Ellipsis,
  KeyRound,
  Pause,
  Pencil,
  Play,
  Plus,
  RotateCcw,
  SquareTerminal,
  Trash2,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLive, usePeer } from "@/api/queries";
import type { PeerPage as Peer } from "@/api/generated/types";
import { buttonClass, IconButton } from "@/components/button";
import { Menu, MenuItem, MenuLine } from "@/components/menu";
import { ErrorNotice, SkeletonRows } from "@/components/states";
import { Badge, Status } from "@/components/status";
import { Tabs } from "@/components/tabs";
import { HostActivity } from "@/features/activity/host-activity";
import { ForwardList } from "@/features/forwards/forward-list";
import { hostsByName, peerStand, tunnelsByPeer } from "@/features/hosts/health";
import { HostPanel, InterfacesPanel } from "@/features/hosts/host-facts";
import { HostNotices } from "@/features/hosts/host-notices";
import { RemoveDialog } from "@/features/hosts/remove-dialog";
import { RenameDialog } from "@/features/hosts/rename-dialog";
import { openPlan } from "@/features/plans/plan-dialog";
import { TrafficPanel } from "@/features/traffic/panel";
import { Page } from "@/frame/page";
import { setPeersActive } from "./changes";
import { ClientConfigPanel } from "./client-config";
import { MoveDialog } from "./move-dialog";
import { AddressesPanel, TunnelPanel } from "./panels";

const TABS = ["overview", "forwards", "metrics", "activity"] as const;
type Tab = (typeof TABS)[number];

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
  const search = useSearch({ from: "/peers/$name" });
  const navigate = useNavigate({ from: "/peers/$name" });
  const tab: Tab = TABS.find((one) => one === search.tab) ?? "overview";
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
      content: <TrafficPanel peers={[row.name]} tall />,
    },
    { value: "activity" as const, label: t("nav.activity"), content: <HostActivity name={row.name} /> },
  ];
  return (
    <Page
      title={row.name}
      status={
        <span className="flex items-center gap-2">
          <Status tone={stand.tone} detail={stand.detail}>
            {stand.word}
          </Status>
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
      <Tabs
        label={row.name}
        value={tab}
        tabs={tabs}
        onChange={(next) =>
          void navigate({ search: { tab: next === "overview" ? undefined : next }, replace: true })
        }
      />
    </Page>
  );
}

type Open = "rename" | "remove" | "move" | null;

function Actions({ page: { row } }: { page: Peer }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const { name } = row;
  const suspended = row.state === "suspended";
  const rotate = () =>
    openPlan({
      title: t("peers.rotateTitle", { name }),
      source: { change: { change: "peer_rotate_keys", name } },
    });
  const rollback = () =>
    openPlan({
      title: t("host.rollback"),
      source: { change: { change: "host_rollback", host: row.host ?? name, generation: null } },
    });
  return (
    <>
      {row.host && (
        <Link to="/terminal" search={{ host: row.host }} className={buttonClass()}>
          <SquareTerminal aria-hidden className="size-4" strokeWidth={1.75} />
          {t("nav.terminal")}
        </Link>
      )}
      <Menu trigger={<IconButton variant="plain" icon={Ellipsis} label={t("common.more")} />}>
        <MenuItem icon={Pencil} onSelect={() => setOpen("rename")}>
          {t("vps.rename")}
        </MenuItem>
        <MenuItem icon={ArrowLeftRight} onSelect={() => setOpen("move")}>
          {t("peers.move")}
        </MenuItem>
        <MenuItem icon={suspended ? Play : Pause} onSelect={() => setPeersActive(t, [name], suspended)}>
          {t(suspended ? "peers.resume" : "peers.suspend")}
        </MenuItem>
        <MenuItem icon={KeyRound} onSelect={rotate}>
          {t("peers.rotate")}
        </MenuItem>
        {row.host && (
          <MenuItem icon={RotateCcw} onSelect={rollback}>
            {t("host.rollback")}
          </MenuItem>
        )}
        <MenuLine />
        <MenuItem icon={Trash2} danger onSelect={() => setOpen("remove")}>
          {t("peers.removeOne")}
        </MenuItem>
      </Menu>
      <Link to="/forwards" search={{ open: "new", peer: name }} className={buttonClass("primary")}>
        <Plus aria-hidden className="size-4" />
        {t("forwards.add")}
      </Link>
      {open === "rename" && (
        <RenameDialog
          kind="peer"
          name={name}
          onClose={close}
          onRenamed={(next) => void navigate({ to: "/peers/$name", params: { name: next } })}
        />
      )}
      {open === "remove" && (
        <RemoveDialog
          kind="peer"
          names={[name]}
          onClose={close}
          onRemoved={() => void navigate({ to: "/peers" })}
        />
      )}
      {open === "move" && <MoveDialog peer={row} onClose={close} />}
    </>
  );
}

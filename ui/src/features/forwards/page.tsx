import { useMemo, useRef } from "react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Cable, Download, Ellipsis, FileUp, LayoutList, Plus, ShieldCheck, Waypoints } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCheck, useExportCsv } from "@/api/mutations";
import { useForwards, usePeers, useVpses } from "@/api/queries";
import type { ForwardRow } from "@/api/generated/types";
import { asUserError } from "@/api/errors";
import { Button, buttonClass, IconButton } from "@/components/button";
import { Segments } from "@/components/choice";
import { Panel } from "@/components/layout";
import { Menu, MenuItem } from "@/components/menu";
import { Empty, ErrorNotice, SkeletonRows } from "@/components/states";
import { useWidth } from "@/components/table/use-width";
import { Filter, Toolbar } from "@/components/table/toolbar";
import { toast } from "@/components/toast";
import { useForwardHealth } from "@/features/checks/use-forward-health";
import { Page } from "@/frame/page";
import { forwardLines, type ForwardLine } from "./columns";
import { ForwardDrawer } from "./drawer";
import { ForwardTable } from "./forward-table";
import { ImportDialog } from "./import-dialog";
import { Visual } from "./visual";

/** Narrower than this the picture has no room, and the table says the same. */
const VISUAL_FROM = 640;

export function ForwardsPage() {
  const { t } = useTranslation();
  const forwards = useForwards();
  const { data: peers } = usePeers();
  const search = useSearch({ from: "/forwards" });
  const navigate = useNavigate({ from: "/forwards" });
  const trail = [{ label: t("nav.forwards") }];
  const close = () => void navigate({ search: { ...search, open: undefined, on: undefined }, replace: true });
  const drawer = search.open !== undefined && (
    <ForwardDrawer
      key={search.open}
      id={search.open === "new" ? null : search.open}
      peer={search.peer}
      on={search.on}
      forwards={forwards.data}
      onClose={close}
    />
  );
  if (forwards.data?.length === 0) {
    const first = peers?.length === 0;
    return (
      <Page title={t("nav.forwards")} trail={trail}>
        <Panel>
          <Empty
            icon={Cable}
            title={t("forwards.emptyTitle")}
            text={t(first ? "forwards.emptyNoPeer" : "forwards.emptyText")}
          >
            {first ? (
              <Link to="/peers/add" className={buttonClass("primary")}>
                {t("peers.add")}
              </Link>
            ) : (
              <Button
                variant="primary"
                icon={Plus}
                onClick={() => void navigate({ search: { ...search, open: "new" } })}
              >
                {t("forwards.add")}
              </Button>
            )}
          </Empty>
        </Panel>
        {drawer}
      </Page>
    );
  }
  return (
    <Page fill title={t("nav.forwards")} trail={trail} actions={<Actions />}>
      {forwards.error && (
        <ErrorNotice
          error={forwards.error}
          title={t("forwards.failed")}
          onRetry={() => void forwards.refetch()}
        />
      )}
      {forwards.isPending && <SkeletonRows rows={8} />}
      {forwards.data && <Content forwards={forwards.data} />}
      {drawer}
    </Page>
  );
}

function Actions() {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/forwards" });
  const check = useCheck();
  const exported = useExportCsv();
  const [importing, setImporting] = useState(false);
  const failed = (error: unknown) => toast("bad", asUserError(error).message);
  return (
    <>
      <Menu trigger={<IconButton variant="plain" icon={Ellipsis} label={t("common.more")} />}>
        <MenuItem icon={FileUp} onSelect={() => setImporting(true)}>
          {t("forwards.import")}
        </MenuItem>
        <MenuItem
          icon={Download}
          onSelect={() =>
            exported.mutate("forwards", {
              onSuccess: (path) => path && toast("ok", t("common.saved", { path })),
              onError: failed,
            })
          }
        >
          {t("common.exportCsv")}
        </MenuItem>
      </Menu>
      <Button
        icon={ShieldCheck}
        busy={check.isPending}
        onClick={() =>
          check.mutate([], {
            onSuccess: (id) => void navigate({ to: "/jobs/$id", params: { id } }),
            onError: failed,
          })
        }
      >
        {t("check.checkAll")}
      </Button>
      <Button
        variant="primary"
        icon={Plus}
        onClick={() => void navigate({ search: (now) => ({ ...now, open: "new" }) })}
      >
        {t("forwards.add")}
      </Button>
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </>
  );
}

const fits = (line: ForwardLine, state: string | undefined): boolean =>
  !state || (state === "failing" ? line.health.tone === "bad" : line.row.state === state);

function Content({ forwards }: { forwards: ForwardRow[] }) {
  const { t } = useTranslation();
  const search = useSearch({ from: "/forwards" });
  const navigate = useNavigate({ from: "/forwards" });
  const { data: peers = [] } = usePeers();
  const { data: vpses = [] } = useVpses();
  const health = useForwardHealth();
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const set = (next: Partial<typeof search>) =>
    void navigate({ search: { ...search, ...next }, replace: true });
  const all = useMemo(() => forwardLines(forwards, health), [forwards, health]);
  const lines = useMemo(() => {
    const text = (search.q ?? "").toLowerCase();
    return all.filter(
      (line) =>
        fits(line, search.state) &&
        (!search.peer || line.row.peer_name === search.peer) &&
        (text === "" || line.hay.includes(text)),
    );
  }, [all, search.q, search.state, search.peer]);
  const filtered = !!(search.q ?? search.state ?? search.peer);
  const shownPeers = useMemo(() => {
    if (!filtered) return peers;
    const ids = new Set(lines.map((line) => line.row.peer));
    return peers.filter((peer) => ids.has(peer.id) || peer.name === search.peer);
  }, [peers, lines, filtered, search.peer]);
  const rows = useMemo(() => lines.map((line) => line.row), [lines]);
  const view = width > 0 && width < VISUAL_FROM ? "table" : (search.view ?? "visual");
  const open = (forward: ForwardRow) => set({ open: forward.id });
  const peerNames = useMemo(() => [...new Set(forwards.map((one) => one.peer_name))].sort(), [forwards]);
  return (
    <div ref={place} className="flex min-h-0 flex-1 flex-col">
      <Toolbar
        search={search.q ?? ""}
        onSearch={(q) => set({ q: q || undefined })}
        searchLabel={t("forwards.search")}
        shown={lines.length}
        total={all.length}
        onClear={filtered ? () => set({ q: undefined, state: undefined, peer: undefined }) : undefined}
      >
        <Filter
          label={t("forwards.peer")}
          value={search.peer}
          onChange={(peer) => set({ peer })}
          options={peerNames.map((value) => ({ value, label: value }))}
        />
        <Filter
          label={t("vpses.status")}
          value={search.state}
          onChange={(state) => set({ state })}
          options={(["on", "off", "suspended", "failing"] as const).map((value) => ({
            value,
            label: t(`forwards.filter.${value}`),
          }))}
        />
        {width >= VISUAL_FROM && (
          <Segments
            label={t("forwards.view")}
            value={view}
            onChange={(next) => set({ view: next === "visual" ? undefined : next })}
            segments={[
              {
                value: "visual",
                name: t("forwards.visual"),
                label: <Waypoints aria-hidden className="size-4" strokeWidth={1.75} />,
              },
              {
                value: "table",
                name: t("forwards.table"),
                label: <LayoutList aria-hidden className="size-4" strokeWidth={1.75} />,
              },
            ]}
          />
        )}
      </Toolbar>
      {view === "visual" ? (
        <Visual
          vpses={filtered ? vpsesOf(vpses, shownPeers) : vpses}
          peers={shownPeers}
          forwards={rows}
          onOpen={open}
          onNarrow={(peer) => set({ peer, view: "table" })}
          onFree={(on) => set({ open: "new", on })}
        />
      ) : (
        <ForwardTable lines={lines} sort={search.sort} onSort={(sort) => set({ sort })} onOpen={open} />
      )}
    </div>
  );
}

const vpsesOf = <V extends { addresses: string[] }>(vpses: V[], peers: { public_ip: string }[]): V[] => {
  const used = new Set(peers.map((peer) => peer.public_ip));
  return vpses
    .map((vps) => ({ ...vps, addresses: vps.addresses.filter((address) => used.has(address)) }))
    .filter((vps) => vps.addresses.length > 0);
};

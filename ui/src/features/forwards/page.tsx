import { useMemo, useRef } from "react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Cable, Download, Ellipsis, FileUp, LayoutList, Plus, ShieldCheck, Waypoints } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useForwards, usePeers, useVpses } from "@/api/queries";
import type { ForwardRow, PeerRow, VpsRow } from "@/api/generated/types";
import { Button, buttonClass, IconButton } from "@/components/button";
import { Segments } from "@/components/choice";
import { Panel } from "@/components/layout";
import { Menu, MenuItem } from "@/components/menu";
import { Empty, ErrorNotice, SkeletonRows } from "@/components/states";
import { useWidth } from "@/components/table/use-width";
import { Filter, Toolbar } from "@/components/table/toolbar";
import { useForwardHealth } from "@/features/checks/use-forward-health";
import { useRunCheck } from "@/features/checks/use-run-check";
import { only, useExport } from "@/features/export/use-export";
import { Page } from "@/frame/page";
import { forwardIndex, wordsOf } from "@/features/search/rows";
import { ForwardDrawer } from "./drawer";
import { ForwardTable } from "./forward-table";
import { ImportDialog } from "./import-dialog";
import { Visual } from "./visual";

/** Narrower than this the picture has no room, and the table says the same. */
const VISUAL_FROM = 640;

const none: ForwardRow[] = [];
const nobody: PeerRow[] = [];
const noVps: VpsRow[] = [];

export function ForwardsPage() {
  const { t } = useTranslation();
  const forwards = useForwards();
  const rows = useFiltered(forwards.data ?? none);
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
    <Page
      fill
      title={t("nav.forwards")}
      trail={trail}
      actions={<Actions rows={rows} filtered={rows !== forwards.data} />}
    >
      {forwards.error && (
        <ErrorNotice
          error={forwards.error}
          title={t("forwards.failed")}
          onRetry={() => void forwards.refetch()}
        />
      )}
      {forwards.isPending && <SkeletonRows rows={8} />}
      {forwards.data && <Content rows={rows} total={forwards.data.length} />}
      {drawer}
    </Page>
  );
}

function Actions({ rows, filtered }: { rows: ForwardRow[]; filtered: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/forwards" });
  const check = useRunCheck();
  const exported = useExport();
  const [importing, setImporting] = useState(false);
  return (
    <>
      <Menu trigger={<IconButton variant="plain" icon={Ellipsis} label={t("common.more")} />}>
        <MenuItem icon={FileUp} onSelect={() => setImporting(true)}>
          {t("forwards.import")}
        </MenuItem>
        <MenuItem
          icon={Download}
          onSelect={() => exported.save({ table: "forwards", only: only(filtered, rows) })}
        >
          {t(filtered ? "common.exportShown" : "common.exportCsv")}
        </MenuItem>
      </Menu>
      <Button icon={ShieldCheck} busy={check.busy} onClick={() => check.run([])}>
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

/** What the filters of the address leave; of very many forwards no more is looked at than is asked for. */
function useFiltered(forwards: ForwardRow[]): ForwardRow[] {
  const { q, state, peer } = useSearch({ from: "/forwards" });
  const health = useForwardHealth();
  return useMemo(() => {
    const words = wordsOf(q ?? "");
    const { hays } = words.length > 0 ? forwardIndex(forwards) : { hays: [] };
    if (words.length === 0 && !state && !peer) return forwards;
    return forwards.filter(
      (row, at) =>
        (!peer || row.peer_name === peer) &&
        (!state || (state === "failing" ? health(row).tone === "bad" : row.state === state)) &&
        words.every((word) => hays[at]?.includes(word)),
    );
  }, [forwards, health, q, state, peer]);
}

function Content({ rows, total }: { rows: ForwardRow[]; total: number }) {
  const { t } = useTranslation();
  const search = useSearch({ from: "/forwards" });
  const navigate = useNavigate({ from: "/forwards" });
  const { data: peers = nobody } = usePeers();
  const { data: vpses = noVps } = useVpses();
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const set = (next: Partial<typeof search>) =>
    void navigate({ search: { ...search, ...next }, replace: true });
  const filtered = !!(search.q ?? search.state ?? search.peer);
  const shownPeers = useMemo(() => {
    if (!filtered) return peers;
    const ids = new Set(rows.map((row) => row.peer));
    return peers.filter((peer) => ids.has(peer.id) || peer.name === search.peer);
  }, [peers, rows, filtered, search.peer]);
  const view = width > 0 && width < VISUAL_FROM ? "table" : (search.view ?? "visual");
  const open = (forward: ForwardRow) => set({ open: forward.id });
  const peerNames = useMemo(
    () => peers.filter((one) => one.forwards > 0).map(({ name }) => ({ value: name, label: name })),
    [peers],
  );
  return (
    <div ref={place} className="flex min-h-0 flex-1 flex-col">
      <Toolbar
        search={search.q ?? ""}
        onSearch={(q) => set({ q: q || undefined })}
        searchLabel={t("forwards.search")}
        shown={rows.length}
        total={total}
        onClear={filtered ? () => set({ q: undefined, state: undefined, peer: undefined }) : undefined}
      >
        <Filter
          label={t("forwards.peer")}
          value={search.peer}
          onChange={(peer) => set({ peer })}
          options={peerNames}
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
      {/* Measured before the first picture: what has no room is not drawn to be thrown away. */}
      {width === 0 ? null : view === "visual" ? (
        <Visual
          vpses={filtered ? vpsesOf(vpses, shownPeers) : vpses}
          peers={shownPeers}
          forwards={rows}
          onOpen={open}
          onNarrow={(peer) => set({ peer, view: "table" })}
          onFree={(on) => set({ open: "new", on })}
        />
      ) : (
        <ForwardTable rows={rows} sort={search.sort} onSort={(sort) => set({ sort })} onOpen={open} />
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

import { useMemo, useState } from "react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Download, House, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLive, usePeers, useVpses } from "@/api/queries";
import type { PeerRow } from "@/api/generated/types";
import { Button, buttonClass } from "@/components/button";
import { Panel } from "@/components/layout";
import { Empty, ErrorNotice, SkeletonRows } from "@/components/states";
import { NONE, type Selection } from "@/components/table/table";
import { readSort, writeSort } from "@/components/table/sort";
import { Filter, Toolbar } from "@/components/table/toolbar";
import { only, useExport } from "@/features/export/use-export";
import { HostTable, LiveFailed } from "@/features/hosts/host-table";
import { RemoveDialog } from "@/features/hosts/remove-dialog";
import { peerIndex, wordsOf } from "@/features/search/rows";
import { Page } from "@/frame/page";
import { useNowOf } from "@/features/traffic/rates";
import { peerColumns, peerRows, type PeerLine } from "./columns";
import { setPeersActive } from "./changes";

const USUAL = "name";
const nobody: PeerRow[] = [];

const DAY_MS = 86_400_000;
const WITHIN = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS, year: 365 * DAY_MS };

export function PeersPage() {
  const { t } = useTranslation();
  const peers = usePeers();
  const { data: vpses } = useVpses();
  const lines = usePeerLines(peers.data ?? nobody);
  const trail = [{ label: t("nav.peers") }];
  if (peers.data?.length === 0) {
    const first = vpses?.length === 0;
    return (
      <Page title={t("nav.peers")} trail={trail}>
        <Panel>
          <Empty
            icon={House}
            title={t("peers.emptyTitle")}
            text={t(first ? "peers.emptyNoVps" : "peers.emptyText")}
          >
            <Link to={first ? "/vpses/add" : "/peers/add"} className={buttonClass("primary")}>
              {t(first ? "vpses.add" : "peers.add")}
            </Link>
          </Empty>
        </Panel>
      </Page>
    );
  }
  return (
    <Page fill title={t("nav.peers")} trail={trail} actions={<Actions lines={lines} />}>
      {peers.error && (
        <ErrorNotice error={peers.error} title={t("peers.failed")} onRetry={() => void peers.refetch()} />
      )}
      {peers.isPending && <SkeletonRows rows={8} />}
      {peers.data && <Table peers={peers.data} {...lines} />}
    </Page>
  );
}

interface PeerLines {
  all: PeerLine[];
  /** What the filters of the address leave. */
  rows: PeerLine[];
  filtered: boolean;
}

function usePeerLines(peers: PeerRow[]): PeerLines {
  const { t } = useTranslation();
  const { q, vps, status, added } = useSearch({ from: "/peers" });
  const { data: live } = useLive();
  const filtered = !!(q ?? vps ?? status ?? added);
  const all = useMemo(() => peerRows(t, peers, live), [t, peers, live]);
  const rows = useMemo(() => {
    if (!filtered) return all;
    const words = wordsOf(q ?? "");
    const { hays } = words.length > 0 ? peerIndex(peers) : { hays: [] };
    const since = added ? Date.now() - WITHIN[added] : -Infinity;
    return all.filter(
      (line, at) =>
        (line.row.added_at ?? 0) >= since &&
        (!vps || line.row.vps_name === vps) &&
        (!status || line.status === status) &&
        words.every((word) => hays[at]?.includes(word)),
    );
  }, [filtered, all, peers, q, vps, status, added]);
  return { all, rows, filtered };
}

function Actions({ lines: { rows, filtered } }: { lines: PeerLines }) {
  const { t } = useTranslation();
  const exported = useExport();
  return (
    <>
      <Button
        icon={Download}
        busy={exported.busy}
        onClick={() =>
          exported.save({
            table: "peers",
            only: only(
              filtered,
              rows.map((line) => line.row),
            ),
          })
        }
      >
        {t(filtered ? "common.exportShown" : "common.exportCsv")}
      </Button>
      <Link to="/peers/add" className={buttonClass("primary")}>
        <Plus aria-hidden className="size-4" />
        {t("peers.add")}
      </Link>
    </>
  );
}

function Table({ peers, all, rows, filtered }: PeerLines & { peers: PeerRow[] }) {
  const { t, i18n } = useTranslation();
  const search = useSearch({ from: "/peers" });
  const navigate = useNavigate({ from: "/peers" });
  const [selection, setSelection] = useState<Selection>(NONE);
  const [removing, setRemoving] = useState(false);
  const set = (next: Partial<typeof search>) =>
    void navigate({ search: { ...search, ...next }, replace: true });
  const now = useNowOf();
  const columns = useMemo(() => peerColumns(t, i18n.language, now), [t, i18n.language, now]);
  const onVps = useMemo(
    () => [...new Set(peers.map((peer) => peer.vps_name))].sort().map((value) => ({ value, label: value })),
    [peers],
  );
  const names =
    selection.size === 0
      ? []
      : rows.filter((line) => selection.has(line.row.id)).map((line) => line.row.name);
  const clear = () => setSelection(NONE);
  return (
    <>
      <LiveFailed />
      <Toolbar
        search={search.q ?? ""}
        onSearch={(q) => set({ q: q || undefined })}
        searchLabel={t("peers.search")}
        shown={rows.length}
        total={all.length}
        onClear={
          filtered
            ? () => set({ q: undefined, vps: undefined, status: undefined, added: undefined })
            : undefined
        }
        selected={{
          count: names.length,
          onClear: clear,
          actions: (
            <>
              <Button onClick={() => setPeersActive(t, names, false, clear)}>{t("peers.suspend")}</Button>
              <Button onClick={() => setPeersActive(t, names, true, clear)}>{t("peers.resume")}</Button>
              <Button variant="danger" onClick={() => setRemoving(true)}>
                {t("peers.remove", { count: names.length })}
              </Button>
            </>
          ),
        }}
      >
        <Filter label="VPS" value={search.vps} onChange={(vps) => set({ vps })} options={onVps} />
        <Filter
          label={t("vpses.status")}
          value={search.status}
          onChange={(status) => set({ status })}
          options={(["up", "down", "suspended", "unknown"] as const).map((value) => ({
            value,
            label: t(`peer.status.${value}`),
          }))}
        />
        <Filter
          label={t("peers.added")}
          value={search.added}
          onChange={(added) => set({ added })}
          options={(["day", "week", "month", "year"] as const).map((value) => ({
            value,
            label: t(`peers.within.${value}`),
          }))}
        />
      </Toolbar>
      <HostTable
        to="/peers/$name"
        label={t("nav.peers")}
        rows={rows}
        columns={columns}
        sorting={readSort(search.sort, USUAL)}
        onSort={(next) => set({ sort: writeSort(next, USUAL) })}
        selection={selection}
        onSelect={setSelection}
        nothing={t("table.nothing")}
      />
      {removing && (
        <RemoveDialog kind="peer" names={names} onClose={() => setRemoving(false)} onRemoved={clear} />
      )}
    </>
  );
}

import { groupBy } from "@/lib/group";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import i18next, { type TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { useLive } from "@/api/queries";
import type { HostLive, PeerRow, VpsRow } from "@/api/generated/types";
import { Panel } from "@/components/layout";
import { Shape, toneText, type Tone } from "@/components/status";
import { hostsByName, hostStand, peerStand, tunnelsByPeer, type Stand } from "@/features/hosts/health";
import { useRates } from "@/features/traffic/rates";
import { cx } from "@/lib/cx";
import { rate } from "@/lib/format";
import { keepLast } from "@/lib/memo";

const MOST_LANES = 8;
const MOST_PEERS = 8;

interface Lane {
  vps: VpsRow;
  stand: Stand;
  peers: { row: PeerRow; stand: Stand }[];
}

const wire: Record<Tone, string> = {
  ok: "border-ok/70",
  warn: "border-warn",
  bad: "border-bad",
  info: "border-info",
  off: "border-dashed border-line-strong",
  unknown: "border-dashed border-line-strong",
};

const badness: Record<Tone, number> = { bad: 0, warn: 1, info: 2, unknown: 3, ok: 4, off: 5 };

const kept = keepLast<Lane[]>();

function lanesOf(t: TFunction, vpses: VpsRow[], peers: PeerRow[], live: HostLive[] | undefined): Lane[] {
  const hosts = hostsByName(live);
  const tunnels = tunnelsByPeer(live);
  const byVps = groupBy(peers, (peer) => peer.vps);
  const all = vpses.map((vps): Lane => {
    const of = (byVps.get(vps.id) ?? []).map((row) => ({
      row,
      stand: peerStand(t, row, tunnels.get(row.name)),
    }));
    of.sort((a, b) => badness[a.stand.tone] - badness[b.stand.tone]);
    return { vps, stand: hostStand(t, hosts.get(vps.name), vps.set_up), peers: of };
  });
  const worst = (lane: Lane) =>
    Math.min(badness[lane.stand.tone], ...lane.peers.map((peer) => badness[peer.stand.tone]));
  return vpses.length > MOST_LANES ? all.sort((a, b) => worst(a) - worst(b)) : all;
}

/** Each VPS with what hangs on it, as wires that branch; what is out of order comes first. */
export function Lanes({ vpses, peers }: { vpses: VpsRow[]; peers: PeerRow[] }) {
  const { t } = useTranslation();
  const { data: live } = useLive();
  const lanes = useMemo(
    () => kept([i18next.language, vpses, peers, live], () => lanesOf(t, vpses, peers, live)),
    [t, vpses, peers, live],
  );
  return (
    <Panel
      title={t("dashboard.lanes")}
      aside={
        <span className="text-xs">
          {t("vpses.many", { count: vpses.length })} · {t("peers.many", { count: peers.length })}
        </span>
      }
    >
      <ul className="grid gap-5">
        {lanes.slice(0, MOST_LANES).map((lane) => (
          <LaneRow key={lane.vps.id} lane={lane} />
        ))}
      </ul>
      {lanes.length > MOST_LANES && (
        <Link to="/vpses" className="mt-4 inline-block text-muted hover:text-text hover:underline">
          {t("dashboard.moreVpses", { count: lanes.length - MOST_LANES })}
        </Link>
      )}
    </Panel>
  );
}

function LaneRow({ lane }: { lane: Lane }) {
  const { t } = useTranslation();
  const { vps, stand, peers } = lane;
  return (
    <li className="grid grid-cols-[minmax(7rem,10rem)_minmax(0,1fr)]">
      <Link
        to="/vpses/$name"
        params={{ name: vps.name }}
        className="group relative z-10 block self-start rounded-lg border bg-hover/60 px-3 py-2 hover:border-line-strong"
      >
        <span className="flex items-center gap-2">
          <Shape tone={stand.tone} />
          <span className="truncate font-semibold" title={vps.name}>
            {vps.name}
          </span>
        </span>
        <span className="block truncate font-mono text-xs text-muted">{vps.endpoint}</span>
        <span className={cx("block text-xs", stand.tone === "ok" ? "text-muted" : toneText[stand.tone])}>
          {stand.word}
        </span>
      </Link>
      <ul className="relative">
        {peers.length === 0 && (
          <li className="flex h-9 items-center pl-8 text-muted">
            <Link to="/peers/add" search={{ vps: vps.name }} className="hover:text-text hover:underline">
              {t("dashboard.noPeers")}
            </Link>
          </li>
        )}
        {peers.slice(0, MOST_PEERS).map(({ row, stand: of }, index) => (
          <PeerWire key={row.id} row={row} stand={of} index={index} />
        ))}
        {peers.length > MOST_PEERS && (
          <li className="pl-16">
            <Link
              to="/peers"
              search={{ vps: vps.name }}
              className="text-xs text-muted hover:text-text hover:underline"
            >
              {t("dashboard.morePeers", { count: peers.length - MOST_PEERS })}
            </Link>
          </li>
        )}
      </ul>
    </li>
  );
}

function PeerWire({ row, stand, index }: { row: PeerRow; stand: Stand; index: number }) {
  const { t, i18n } = useTranslation();
  const now = useRates()(row.name);
  return (
    <li className="relative flex h-9 items-center pl-16">
      {/* From the VPS to the side, and down to this peer. */}
      {index === 0 ? (
        <span aria-hidden className={cx("absolute top-1/2 left-0 w-14 border-t-2", wire[stand.tone])} />
      ) : (
        <span
          aria-hidden
          className={cx(
            "absolute bottom-1/2 left-6 w-8 translate-y-px rounded-bl-lg border-b-2 border-l-2",
            // The wire above ends in a bend; this one begins where the bend does.
            index === 1 ? "h-full" : "h-[calc(100%+0.5rem)]",
            wire[stand.tone],
          )}
        />
      )}
      <Link
        to="/peers/$name"
        params={{ name: row.name }}
        className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md px-2 hover:bg-hover"
      >
        <Shape tone={stand.tone} />
        <span className="min-w-0 truncate font-medium" title={row.name}>
          {row.name}
        </span>
        <span className={cx("shrink-0 text-xs", stand.tone === "bad" ? "text-bad" : "text-muted")}>
          {stand.tone === "ok" ? t("forwards.many", { count: row.forwards }) : stand.word}
        </span>
        {now && (
          <span className="ml-auto shrink-0 text-xs text-muted">
            <span className="text-accent">↓</span> {rate(now.down, i18n.language)}{" "}
            <span className="text-ok">↑</span> {rate(now.up, i18n.language)}
          </span>
        )}
      </Link>
    </li>
  );
}

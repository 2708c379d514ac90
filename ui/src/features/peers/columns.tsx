import i18next, { type TFunction } from "i18next";
import type { HostLive, PeerRow, TunnelLive } from "@/api/generated/types";
import { Copyable } from "@/components/copy";
import { Badge } from "@/components/status";
import { column } from "@/components/table/columns";
import { Ago } from "@/components/time";
import { peerStand, peerStatus, tunnelsByPeer, type PeerStatus, type Stand } from "@/features/hosts/health";
import { NameLink } from "@/features/hosts/host-table";
import { Standing } from "@/features/hosts/standing";
import { NowCell } from "@/features/traffic/now-cell";
import { peerRate, sumOf, type NowIndex } from "@/features/traffic/rates";
import { bytes, count } from "@/lib/format";
import { keepLast } from "@/lib/memo";

export interface PeerLine {
  row: PeerRow;
  tunnel: TunnelLive | undefined;
  status: PeerStatus;
  stand: Stand;
}

const kept = keepLast<PeerLine[]>();

export function peerRows(t: TFunction, rows: PeerRow[], live: HostLive[] | undefined): PeerLine[] {
  return kept([i18next.language, rows, live], () => {
    const tunnels = tunnelsByPeer(live);
    return rows.map((row) => {
      const tunnel = tunnels.get(row.name);
      return { row, tunnel, status: peerStatus(row, tunnel), stand: peerStand(t, row, tunnel) };
    });
  });
}

const order: Record<PeerStatus, number> = { down: 0, unknown: 1, up: 2, suspended: 3 };
const moved = (line: PeerLine) => (line.tunnel ? line.tunnel.received + line.tunnel.sent : -1);

export const peerColumns = (t: TFunction, locale: string, now: NowIndex) => [
  column<PeerLine>({
    id: "name",
    header: t("vpses.name"),
    track: "minmax(9rem,1.5fr)",
    sort: (line) => line.row.name,
    cell: (line) => (
      <span className="flex min-w-0 items-center gap-2">
        <NameLink to="/peers/$name" name={line.row.name} />
        {line.row.kind !== "linux" && <Badge>{t(`peer.kind.${line.row.kind}`)}</Badge>}
      </span>
    ),
  }),
  column<PeerLine>({
    id: "status",
    header: t("vpses.status"),
    track: "minmax(9rem,1.9fr)",
    sort: (line) => order[line.status],
    cell: (line) => <Standing stand={line.stand} />,
  }),
  column<PeerLine>({
    id: "vps",
    header: "VPS",
    track: "minmax(6rem,1fr)",
    from: 620,
    sort: (line) => line.row.vps_name,
    cell: (line) => (
      <span className="truncate" title={line.row.vps_name}>
        {line.row.vps_name}
      </span>
    ),
  }),
  column<PeerLine>({
    id: "public",
    header: t("peers.publicIp"),
    track: "9rem",
    from: 500,
    sort: (line) => line.row.public_ip,
    cell: (line) => <Copyable text={line.row.public_ip} what={t("vpses.publicIp")} className="text-xs" />,
  }),
  column<PeerLine>({
    id: "tunnel",
    header: t("peers.tunnelIp"),
    track: "8rem",
    from: 1080,
    sort: (line) => line.row.tunnel_ip,
    cell: (line) => <Copyable text={line.row.tunnel_ip} what={t("peers.tunnelIp")} className="text-xs" />,
  }),
  column<PeerLine>({
    id: "network",
    header: t("peers.vmNetwork"),
    track: "9rem",
    from: 1220,
    sort: (line) => line.row.vm_network,
    cell: (line) => <Copyable text={line.row.vm_network} what={t("peers.vmNetwork")} className="text-xs" />,
  }),
  column<PeerLine>({
    id: "added",
    header: t("peers.added"),
    track: "8rem",
    end: true,
    from: 1350,
    sort: (line) => line.row.added_at ?? 0,
    cell: (line) =>
      line.row.added_at === null ? (
        <span className="text-muted">–</span>
      ) : (
        <Ago at={line.row.added_at} className="text-muted" />
      ),
  }),
  column<PeerLine>({
    id: "forwards",
    header: t("vpses.forwards"),
    track: "6.5rem",
    end: true,
    from: 720,
    sort: (line) => line.row.forwards,
    cell: (line) => count(line.row.forwards, locale),
  }),
  column<PeerLine>({
    id: "now",
    header: t("traffic.now"),
    track: "9.5rem",
    end: true,
    from: 830,
    sort: (line) => sumOf(peerRate(now, line.row.id)),
    rests: now,
    cell: (line) => <NowCell kind="peer" id={line.row.id} now={peerRate(now, line.row.id)} />,
  }),
  column<PeerLine>({
    id: "traffic",
    header: t("peers.traffic"),
    track: "7.5rem",
    end: true,
    from: 950,
    sort: moved,
    cell: (line) =>
      line.tunnel ? (
        <span
          title={t("peers.trafficTip", {
            sent: bytes(line.tunnel.sent, locale),
            received: bytes(line.tunnel.received, locale),
          })}
        >
          {bytes(moved(line), locale)}
        </span>
      ) : (
        <span className="text-muted">–</span>
      ),
  }),
];

import i18next, { type TFunction } from "i18next";
import type { HostLive, VpsRow } from "@/api/generated/types";
import { Copyable } from "@/components/copy";
import { column } from "@/components/table/columns";
import { Ago } from "@/components/time";
import { hostsByName, hostStand, type Stand } from "@/features/hosts/health";
import { NameLink } from "@/features/hosts/host-table";
import { Standing } from "@/features/hosts/standing";
import { uptime } from "@/features/hosts/uptime";
import { NowCell } from "@/features/traffic/now-cell";
import { cardRate, sumOf, type NowIndex } from "@/features/traffic/rates";
import { count } from "@/lib/format";
import { keepLast } from "@/lib/memo";

export interface VpsLine {
  row: VpsRow;
  live: HostLive | undefined;
  stand: Stand;
  group: "ok" | "attention" | "unreachable" | "unknown";
  up: number;
  connectable: number;
  /** What the search looks in. */
  hay: string;
}

const kept = keepLast<VpsLine[]>();

export function vpsRows(t: TFunction, rows: VpsRow[], live: HostLive[] | undefined): VpsLine[] {
  return kept([i18next.language, rows, live], () =>
    rows.map((row) => vpsLine(t, row, hostsByName(live).get(row.name))),
  );
}

function vpsLine(t: TFunction, row: VpsRow, host: HostLive | undefined): VpsLine {
  const active = host?.tunnels.filter((tunnel) => tunnel.why !== "suspended") ?? [];
  return {
    row,
    live: host,
    stand: hostStand(t, host, row.set_up),
    group: !host
      ? "unknown"
      : host.health === "ok"
        ? "ok"
        : host.health === "unreachable"
          ? "unreachable"
          : "attention",
    up: active.filter((tunnel) => tunnel.up).length,
    connectable: active.length,
    hay: `${row.name} ${row.addresses.join(" ")} ${row.reached_at} ${host?.system ?? ""}`.toLowerCase(),
  };
}

const order = { unreachable: 0, attention: 1, unknown: 2, ok: 3 };

export const vpsColumns = (t: TFunction, locale: string, now: NowIndex) => [
  column<VpsLine>({
    id: "name",
    header: t("vpses.name"),
    track: "minmax(9rem,1.6fr)",
    sort: (line) => line.row.name,
    cell: (line) => <NameLink to="/vpses/$name" name={line.row.name} />,
  }),
  column<VpsLine>({
    id: "status",
    header: t("vpses.status"),
    track: "minmax(9.5rem,2.2fr)",
    sort: (line) => order[line.group],
    cell: (line) => <Standing stand={line.stand} />,
  }),
  column<VpsLine>({
    id: "addresses",
    header: t("vpses.addresses"),
    track: "minmax(10rem,1.3fr)",
    from: 560,
    sort: (line) => line.row.endpoint,
    cell: (line) => (
      <span className="flex w-full min-w-0 items-center gap-2 text-xs">
        <Copyable text={line.row.endpoint} what={t("vpses.publicIp")} />
        {line.row.addresses.length > 1 && (
          <span className="text-muted" title={line.row.addresses.join("\n")}>
            +{line.row.addresses.length - 1}
          </span>
        )}
      </span>
    ),
  }),
  column<VpsLine>({
    id: "peers",
    header: t("nav.peers"),
    track: "7rem",
    end: true,
    sort: (line) => line.row.peers,
    cell: (line) => (
      <span title={t("vpses.peersUp", { up: line.up, count: line.row.peers })}>
        {line.live ? (
          <>
            <span className={line.up < line.connectable ? "text-bad" : ""}>{count(line.up, locale)}</span>
            <span className="text-muted"> / {count(line.row.peers, locale)}</span>
          </>
        ) : (
          count(line.row.peers, locale)
        )}
      </span>
    ),
  }),
  column<VpsLine>({
    id: "forwards",
    header: t("vpses.forwards"),
    track: "7rem",
    end: true,
    from: 680,
    sort: (line) => line.row.forwards,
    cell: (line) => count(line.row.forwards, locale),
  }),
  column<VpsLine>({
    id: "now",
    header: t("traffic.now"),
    track: "9.5rem",
    end: true,
    from: 840,
    sort: (line) => sumOf(cardRate(now, line.row.host)),
    rests: now,
    cell: (line) => <NowCell kind="host" id={line.row.host} now={cardRate(now, line.row.host)} />,
  }),
  column<VpsLine>({
    id: "uptime",
    header: t("host.uptime"),
    track: "7.5rem",
    end: true,
    from: 960,
    sort: (line) => line.live?.uptime ?? -1,
    cell: (line) => <span className="text-muted">{uptime(t, line.live?.uptime)}</span>,
  }),
  column<VpsLine>({
    id: "seen",
    header: t("host.seen"),
    track: "8rem",
    end: true,
    from: 1090,
    sort: (line) => line.live?.at ?? 0,
    cell: (line) =>
      line.live ? <Ago at={line.live.at} className="text-muted" /> : <span className="text-muted">–</span>,
  }),
];

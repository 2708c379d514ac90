import type { TFunction } from "i18next";
import type { ForwardRow } from "@/api/generated/types";
import { Copyable } from "@/components/copy";
import { Badge, Status } from "@/components/status";
import { column } from "@/components/table/columns";
import { Ago } from "@/components/time";
import type { ForwardHealth } from "@/features/checks/use-forward-health";
import { forwardName, portsWord, protocolWord } from "./words";

export interface ForwardLine {
  row: ForwardRow;
  health: ForwardHealth;
  hay: string;
}

export function forwardLines(rows: ForwardRow[], health: (row: ForwardRow) => ForwardHealth): ForwardLine[] {
  return rows.map((row) => ({
    row,
    health: health(row),
    hay: `${row.label} ${row.ports} ${row.public_ip} ${row.target} ${row.peer_name} ${row.vps_name} ${row.template ?? ""} ${protocolWord(row.protocols)}`.toLowerCase(),
  }));
}

const order = { bad: 0, warn: 1, unknown: 2, info: 3, ok: 4, off: 5 };

export const forwardColumns = (t: TFunction) => [
  column<ForwardLine>({
    id: "name",
    header: t("vpses.name"),
    track: "minmax(8rem,1.4fr)",
    sort: ({ row }) => forwardName(t, row),
    cell: ({ row }) => (
      <span className="truncate font-medium" title={forwardName(t, row)}>
        {row.label || <span className="font-normal text-muted">{row.template ?? t("forwards.noLabel")}</span>}
      </span>
    ),
  }),
  column<ForwardLine>({
    id: "status",
    header: t("vpses.status"),
    track: "minmax(8rem,1.1fr)",
    sort: ({ health }) => order[health.tone],
    cell: ({ health }) => (
      <span title={health.detail || undefined} className="min-w-0 truncate">
        <Status tone={health.tone}>{health.word}</Status>
      </span>
    ),
  }),
  column<ForwardLine>({
    id: "public",
    header: t("forwards.publicSide"),
    track: "minmax(11rem,1.5fr)",
    sort: ({ row }) => `${row.public_ip}:${row.ports}`,
    cell: ({ row }) => (
      <Copyable
        text={`${row.public_ip}:${row.ports.replace(/->.*/, "")}`}
        what={t("forwards.publicSide")}
        shown={`${row.public_ip}:${portsWord(t, row)}`}
        className="text-xs"
      >
        <span className="text-muted">{row.public_ip}:</span>
        {portsWord(t, row)}
      </Copyable>
    ),
  }),
  column<ForwardLine>({
    id: "protocol",
    header: t("forwards.protocol"),
    track: "6rem",
    from: 640,
    sort: ({ row }) => row.protocols,
    cell: ({ row }) => <Badge>{protocolWord(row.protocols)}</Badge>,
  }),
  column<ForwardLine>({
    id: "target",
    header: t("forwards.target"),
    track: "minmax(8rem,1fr)",
    from: 560,
    sort: ({ row }) => row.target,
    cell: ({ row }) => (
      <span className="flex min-w-0 items-center gap-1.5">
        <Copyable text={row.target} what={t("forwards.target")} className="text-xs" />
        {row.target_kind !== "vm" && <Badge>{t(`visual.kind.${row.target_kind}`)}</Badge>}
      </span>
    ),
  }),
  column<ForwardLine>({
    id: "peer",
    header: t("forwards.peer"),
    track: "minmax(6rem,.9fr)",
    from: 760,
    sort: ({ row }) => row.peer_name,
    cell: ({ row }) => (
      <span className="truncate" title={row.peer_name}>
        {row.peer_name}
      </span>
    ),
  }),
  column<ForwardLine>({
    id: "checked",
    header: t("forwards.checked"),
    track: "8rem",
    end: true,
    from: 920,
    sort: ({ health }) => health.at ?? 0,
    cell: ({ health }) =>
      health.at ? <Ago at={health.at} className="text-muted" /> : <span className="text-muted">–</span>,
  }),
];

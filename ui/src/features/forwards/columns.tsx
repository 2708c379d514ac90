import type { TFunction } from "i18next";
import type { ForwardRow } from "@/api/generated/types";
import { Copyable } from "@/components/copy";
import { Badge, Status } from "@/components/status";
import { column } from "@/components/table/columns";
import { Ago } from "@/components/time";
import type { Health } from "@/features/checks/use-forward-health";
import { NowCell } from "@/features/traffic/now-cell";
import { forwardRate, sumOf, type NowIndex } from "@/features/traffic/rates";
import { forwardName, portsWord, protocolWord } from "./words";

const order = { bad: 0, warn: 1, unknown: 2, info: 3, ok: 4, off: 5 };

export const forwardColumns = (t: TFunction, health: Health, now: NowIndex) => [
  column<ForwardRow>({
    id: "name",
    header: t("vpses.name"),
    track: "minmax(7rem,1.3fr)",
    sort: (row) => forwardName(t, row),
    cell: (row) => (
      <span className="truncate font-medium" title={forwardName(t, row)}>
        {row.label || <span className="font-normal text-muted">{row.template ?? t("forwards.noLabel")}</span>}
      </span>
    ),
  }),
  column<ForwardRow>({
    id: "status",
    header: t("vpses.status"),
    track: "minmax(9.5rem,1fr)",
    sort: (row) => order[health(row).tone],
    rests: health,
    cell: (row) => {
      const { tone, word, detail } = health(row);
      return (
        <span title={detail || undefined} className="min-w-0 truncate">
          <Status tone={tone}>{word}</Status>
        </span>
      );
    },
  }),
  column<ForwardRow>({
    id: "public",
    header: t("forwards.publicSide"),
    track: "minmax(12.5rem,1.4fr)",
    sort: (row) => `${row.public_ip}:${row.ports}`,
    cell: (row) => (
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
  column<ForwardRow>({
    id: "protocol",
    header: t("forwards.protocol"),
    track: "5.75rem",
    from: 640,
    sort: (row) => row.protocols,
    cell: (row) => <Badge>{protocolWord(row.protocols)}</Badge>,
  }),
  column<ForwardRow>({
    id: "target",
    header: t("forwards.target"),
    track: "minmax(11rem,1fr)",
    from: 560,
    sort: (row) => row.target,
    cell: (row) => (
      <span className="flex w-full min-w-0 items-center gap-1.5">
        <Copyable text={row.target} what={t("forwards.target")} className="text-xs" />
        {row.target_kind !== "vm" && <Badge>{t(`visual.kind.${row.target_kind}`)}</Badge>}
      </span>
    ),
  }),
  column<ForwardRow>({
    id: "peer",
    header: t("forwards.peer"),
    track: "minmax(7.5rem,1fr)",
    from: 760,
    sort: (row) => row.peer_name,
    cell: (row) => (
      <span className="truncate" title={row.peer_name}>
        {row.peer_name}
      </span>
    ),
  }),
  column<ForwardRow>({
    id: "now",
    header: t("traffic.now"),
    track: "9.5rem",
    end: true,
    from: 1050,
    sort: (row) => sumOf(forwardRate(now, row.id)),
    rests: now,
    cell: (row) => <NowCell kind="forward" id={row.id} now={forwardRate(now, row.id)} />,
  }),
  column<ForwardRow>({
    id: "checked",
    header: t("forwards.checked"),
    track: "8rem",
    end: true,
    from: 1180,
    sort: (row) => health(row).at ?? 0,
    rests: health,
    cell: (row) => {
      const { at } = health(row);
      return at ? <Ago at={at} className="text-muted" /> : <span className="text-muted">–</span>;
    },
  }),
];

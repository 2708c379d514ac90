import { Link } from "@tanstack/react-router";
import { Plug } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ForwardRow, TunnelLive } from "@/api/generated/types";
import { Copyable } from "@/components/copy";
import { Badge, Shape, toneText } from "@/components/status";
import { peerStand } from "@/features/hosts/health";
import { Standing } from "@/features/hosts/standing";
import { cx } from "@/lib/cx";
import { ForwardButton } from "./forward-button";
import type { Shared } from "./front-card";
import type { Home, Machine } from "./layout";
import { Handle, Socket } from "./socket";
import { forwardName } from "./words";

interface HomeCardProps extends Shared {
  home: Home;
  tunnel: TunnelLive | undefined;
  dimmed: boolean;
}

/** A peer with its machines. */
export function HomeCard({ home, tunnel, dimmed, ...shared }: HomeCardProps) {
  const { t } = useTranslation();
  const { peer } = home;
  const stand = peerStand(t, peer, tunnel);
  return (
    <article aria-label={peer.name} className={cx("transition-opacity duration-100", dimmed && "opacity-40")}>
      <header className="flex items-center gap-2 px-1 pb-1 text-xs">
        <Link
          to="/peers/$name"
          params={{ name: peer.name }}
          title={peer.name}
          className="min-w-0 truncate font-semibold hover:underline"
        >
          {peer.name}
        </Link>
        <Standing brief stand={stand} className="ml-auto shrink-0" />
      </header>
      <div className="grid gap-2">
        {home.machines.map((machine) => (
          <MachineCard key={machine.key} machine={machine} {...shared} />
        ))}
      </div>
    </article>
  );
}

function MachineCard({
  machine,
  onOpen,
  onNarrow,
  handle,
  target,
  grouped,
  health,
}: Shared & { machine: Machine }) {
  const { t } = useTranslation();
  const end = { side: "home" as const, key: machine.key };
  const empty = machine.forwards.length === 0;
  return (
    <div {...target(end)} className={cx("rounded-lg border bg-surface", empty && "border-dashed")}>
      <div className="relative flex items-center gap-2 py-1.5 pr-3 pl-6">
        <Handle
          side="left"
          icon={Plug}
          label={t("visual.pick", { what: `${machine.address}, ${machine.peer.name}` })}
          socket={`home-${machine.key}`}
          {...handle(end)}
        />
        <Copyable text={machine.address} what={t("visual.machine")} className="text-xs" />
        {machine.kind !== "vm" && <Badge>{t(`visual.kind.${machine.kind}`)}</Badge>}
        {grouped && !empty && (
          <button
            type="button"
            onClick={() => onNarrow(machine.peer.name)}
            className="ml-auto rounded-sm text-xs text-muted hover:text-text hover:underline"
          >
            {t("visual.count", { count: machine.forwards.length })}
          </button>
        )}
        {empty && <span className="ml-auto text-xs text-muted">{t("visual.nothingOpen")}</span>}
      </div>
      {!grouped && !empty && (
        <ul className="border-t border-line/60">
          {machine.forwards.map((forward) => (
            <Row key={forward.id} forward={forward} onOpen={onOpen} health={health} />
          ))}
        </ul>
      )}
    </div>
  );
}

type RowProps = Pick<Shared, "onOpen" | "health"> & { forward: ForwardRow };

function Row({ forward, onOpen, health }: RowProps) {
  const { t } = useTranslation();
  const { tone, word, detail } = health(forward);
  return (
    <li className="relative border-b border-line/50 last:border-b-0">
      <Socket side="left" name={`m-${forward.id}`} tone={tone} />
      <ForwardButton forward={forward} onOpen={onOpen} title={detail || undefined} className="pr-3 pl-4">
        <span className={cx("min-w-0 flex-1 truncate", forward.state !== "on" && "text-muted")}>
          {forwardName(t, forward)}
        </span>
        <span className="flex shrink-0 items-center gap-1.5 text-xs">
          <Shape tone={tone} className="size-2" />
          <span className={tone === "bad" || tone === "warn" ? toneText[tone] : "text-muted"}>{word}</span>
        </span>
      </ForwardButton>
    </li>
  );
}

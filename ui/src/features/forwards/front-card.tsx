import { Plug, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSettings } from "@/api/queries";
import type { ForwardRow } from "@/api/generated/types";
import { Copyable } from "@/components/copy";
import { Badge } from "@/components/status";
import type { ForwardHealth } from "@/features/checks/use-forward-health";
import { cx } from "@/lib/cx";
import { ForwardButton } from "./forward-button";
import type { Front } from "./layout";
import { Handle, Socket } from "./socket";
import type { useJoin } from "./use-join";
import { portsWord, protocolWord } from "./words";

export interface Shared {
  onOpen: (forward: ForwardRow) => void;
  onNarrow: (peer: string) => void;
  /** A port that is free is to be opened on this public IP. */
  onFree: (address: string) => void;
  handle: ReturnType<typeof useJoin>["handle"];
  target: ReturnType<typeof useJoin>["target"];
  grouped: boolean;
  health: (forward: ForwardRow) => ForwardHealth;
}

/** A public IP with its open ports. */
export function FrontCard({
  front,
  dimmed,
  onOpen,
  onFree,
  handle,
  target,
  grouped,
  health,
}: Shared & { front: Front; dimmed: boolean }) {
  const { t } = useTranslation();
  const { data: settings } = useSettings();
  const end = { side: "front" as const, address: front.address };
  const name = settings?.dns_names[front.address];
  return (
    <article
      aria-label={front.address}
      {...target(end)}
      className={cx("rounded-lg border bg-surface transition-opacity duration-100", dimmed && "opacity-40")}
    >
      <header className="relative flex items-center gap-2 py-2 pr-8 pl-3">
        <div className="min-w-0 flex-1">
          <Copyable text={front.address} what={t("vpses.publicIp")} className="font-medium" />
          <p className="truncate text-xs text-muted">
            {front.vps}
            {name && ` · ${name}`}
          </p>
        </div>
        {grouped && (
          <span className="text-xs text-muted">{t("visual.count", { count: front.forwards.length })}</span>
        )}
        <Handle
          side="right"
          icon={Plug}
          label={t("visual.pick", { what: front.address })}
          socket={`front-${front.address}`}
          {...handle(end)}
        />
      </header>
      {!grouped && (
        <ul className="border-t">
          {front.forwards.map((forward) => {
            const { tone, word, detail, conflict } = health(forward);
            return (
              <li key={forward.id} className="relative border-b border-line/50 last:border-b-0">
                <ForwardButton
                  forward={forward}
                  onOpen={onOpen}
                  title={conflict ? detail : forward.label}
                  className={cx("pr-5 pl-3 font-mono text-xs", forward.state !== "on" && "text-muted")}
                >
                  <span className="min-w-0 flex-1 truncate">{portsWord(t, forward)}</span>{" "}
                  {conflict && <Badge tone="warn">{word}</Badge>}
                  <span className="text-muted">{protocolWord(forward.protocols)}</span>
                  <span className="sr-only">
                    {" "}
                    {forward.label}
                    {!conflict && `, ${word}`}
                  </span>
                </ForwardButton>
                <Socket side="right" name={`f-${forward.id}`} tone={tone} />
              </li>
            );
          })}
          <li>
            <button
              type="button"
              onClick={() => onFree(front.address)}
              aria-label={t("visual.openOn", { address: front.address })}
              className="flex h-8 w-full items-center gap-1.5 rounded-b-lg pl-3 text-left text-xs text-muted -outline-offset-2 hover:bg-hover hover:text-text pointer-coarse:h-11"
            >
              <Plus aria-hidden className="size-3.5" strokeWidth={1.75} />
              {t("visual.openPort")}
            </button>
          </li>
        </ul>
      )}
    </article>
  );
}

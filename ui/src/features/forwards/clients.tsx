import { useState } from "react";
import { Ban, Unplug, Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useClientCommand } from "@/api/mutations";
import { useClients } from "@/api/queries";
import type { Client, Clients as Seen, ForwardRow } from "@/api/generated/types";
import { Button, IconButton } from "@/components/button";
import { Menu, MenuItem } from "@/components/menu";
import { ErrorNotice, Skeleton } from "@/components/states";
import { Ago } from "@/components/time";
import { toast, toastError } from "@/components/toast";
import { bytes, exact } from "@/lib/format";

/** For how long somebody can be kept out, in seconds. */
const TIMES = [3600, 86_400, 604_800] as const;

/** Clients that are shown one by one. */
const MOST = 50;

/** Who is connected now; to end, to keep out for a while, to let in again. */
export function Clients({ forward }: { forward: ForwardRow }) {
  const { t } = useTranslation();
  const [looking, setLooking] = useState(false);
  const clients = useClients(forward.id, looking);
  return (
    <section aria-label={t("clients.title")} className="grid gap-3">
      <div className="flex items-center justify-between gap-2">
        <h3 className="font-semibold">{t("clients.title")}</h3>
        {!looking && (
          <Button size="sm" icon={Users} onClick={() => setLooking(true)}>
            {t("clients.look")}
          </Button>
        )}
      </div>
      {!looking && <p className="text-muted">{t("clients.text")}</p>}
      {looking && clients.isPending && <Skeleton className="h-16" />}
      {clients.error && (
        <ErrorNotice
          error={clients.error}
          title={t("clients.failed")}
          onRetry={() => void clients.refetch()}
        />
      )}
      {clients.data && <Shown seen={clients.data} forward={forward} />}
    </section>
  );
}

function Shown({ seen, forward }: { seen: Seen; forward: ForwardRow }) {
  const { t, i18n } = useTranslation();
  const command = useClientCommand(forward.id);
  const locale = i18n.language;
  const run = (address: string, seconds: number | "end" | "let-in", said: string) =>
    command.mutate({ address, seconds }, { onSuccess: () => toast("ok", said), onError: toastError });
  const left = Math.max(0, seen.clients.length - MOST) + seen.more;
  return (
    <div className="grid gap-3">
      {seen.clients.length === 0 && <p className="text-muted">{t("clients.nobody")}</p>}
      {seen.clients.length > 0 && (
        <ul aria-label={t("clients.connected")} className="grid gap-1">
          {seen.clients.slice(0, MOST).map((client) => (
            <Row
              key={client.address}
              client={client}
              busy={command.isPending}
              onEnd={() => run(client.address, "end", t("clients.ended", { address: client.address }))}
              onBlock={(seconds) =>
                run(
                  client.address,
                  seconds,
                  t("clients.isOut", { address: client.address, time: t(`clients.for.${seconds}`) }),
                )
              }
            />
          ))}
        </ul>
      )}
      {left > 0 && <p className="text-xs text-muted">{t("clients.more", { count: left })}</p>}
      {seen.blocked.length > 0 && (
        <ul aria-label={t("clients.blocked")} className="grid gap-1">
          {seen.blocked.map((one) => (
            <li key={one.address} className="flex items-center gap-2 rounded-md border px-3 py-1.5">
              <span className="min-w-0 flex-1">
                <span className="font-mono text-xs">{one.address}</span>
                <span className="block text-xs text-muted">
                  {t("clients.outUntil", { when: exact(one.until * 1000, locale) })}
                </span>
              </span>
              <Button
                size="sm"
                busy={command.isPending}
                onClick={() => run(one.address, "let-in", t("clients.isIn", { address: one.address }))}
              >
                {t("clients.letIn")}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface RowProps {
  client: Client;
  busy: boolean;
  onEnd: () => void;
  onBlock: (seconds: (typeof TIMES)[number]) => void;
}

function Row({ client, busy, onEnd, onBlock }: RowProps) {
  const { t, i18n } = useTranslation();
  const size = (count: number | null) => (count === null ? UNKNOWN : bytes(count, i18n.language));
  return (
    <li className="flex items-center gap-1 rounded-md border px-3 py-1.5">
      <span className="min-w-0 flex-1">
        <span className="font-mono text-xs">{client.address}</span>{" "}
        <span className="text-xs text-muted" title={client.ports.join(", ")}>
          {t("clients.connections", { count: client.connections })}
        </span>
        <span className="block text-xs text-muted">
          {t("clients.carried", { down: size(client.to_home), up: size(client.from_home) })}{" "}
          {client.since !== null && <Ago at={client.since * 1000} />}
        </span>
      </span>
      <IconButton
        icon={Unplug}
        disabled={busy}
        label={t("clients.end", { address: client.address })}
        onClick={onEnd}
      />
      <Menu
        trigger={
          <IconButton icon={Ban} disabled={busy} label={t("clients.keepOut", { address: client.address })} />
        }
      >
        {TIMES.map((seconds) => (
          <MenuItem key={seconds} onSelect={() => onBlock(seconds)}>
            {t("clients.keepOutFor", { time: t(`clients.for.${seconds}`) })}
          </MenuItem>
        ))}
      </Menu>
    </li>
  );
}

const UNKNOWN = "–";

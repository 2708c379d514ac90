import { Link } from "@tanstack/react-router";
import { SquareTerminal } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { AttachedSight } from "@/api/generated/types";
import { Button, buttonClass } from "@/components/button";
import { Copyable } from "@/components/copy";
import { Panel } from "@/components/layout";
import { ErrorNotice } from "@/components/states";
import { Status } from "@/components/status";
import { openPlan } from "@/features/plans/plan-dialog";
import { detach, putRight } from "./changes";

interface AttachedProps {
  proxmox: string;
  guests: AttachedSight[];
  error: unknown;
}

/** Guests that are attached, and where they differ from how they were left. */
export function AttachedPanel({ proxmox, guests, error }: AttachedProps) {
  const { t } = useTranslation();
  if (guests.length === 0 && !error) return null;
  return (
    <Panel flush className="mb-3" title={t("proxmox.attachedTitle")}>
      {error != null && <ErrorNotice error={error} />}
      <ul className="grid divide-y">
        {guests.map((guest) => (
          <Row key={guest.vmid} proxmox={proxmox} guest={guest} />
        ))}
      </ul>
    </Panel>
  );
}

function Row({ proxmox, guest }: { proxmox: string; guest: AttachedSight }) {
  const { t } = useTranslation();
  const name = `${guest.vmid} ${guest.name}`;
  const whole = guest.state === "attached" && guest.differences.length === 0;
  const tone = whole ? "ok" : guest.state === "attached" ? "warn" : "info";
  const word =
    guest.state === "attached"
      ? whole
        ? "asLeft"
        : "differs"
      : guest.state === "attaching"
        ? "begun"
        : "leaving";
  return (
    <li className="grid gap-2 px-4 py-2.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <span className="font-medium">{name}</span>
        <Status tone={tone}>{t(`proxmox.${word}`)}</Status>
        {guest.peer && (
          <Link to="/peers/$name" params={{ name: guest.peer }} className="text-muted hover:underline">
            {guest.peer}
          </Link>
        )}
        <Copyable text={guest.address} what={t("proxmox.address")} className="text-xs" />
        <span className="ml-auto flex gap-2">
          <Link to="/terminal" search={{ host: `${proxmox}:${guest.vmid}` }} className={buttonClass()}>
            <SquareTerminal aria-hidden className="size-4" strokeWidth={1.75} />
            {t("proxmox.console")}
          </Link>
          {!whole && guest.state !== "detaching" && (
            <Button onClick={() => openPlan(putRight(t, proxmox, guest))}>{t("proxmox.putRight")}</Button>
          )}
          <Button variant="danger" onClick={() => openPlan(detach(t, proxmox, guest.vmid, guest.name))}>
            {t("proxmox.detach")}
          </Button>
        </span>
      </div>
      {guest.differences.length > 0 && (
        <ul className="grid gap-1 text-muted">
          {guest.differences.map((line) => (
            <li key={line} className="break-words whitespace-pre-wrap">
              {line}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

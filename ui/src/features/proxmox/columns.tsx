import type { TFunction } from "i18next";
import type { GuestSight } from "@/api/generated/types";
import { Badge, Status, type Tone } from "@/components/status";
import { column } from "@/components/table/columns";

const tones: Record<string, Tone> = { running: "ok", stopped: "off" };
const states = ["running", "stopped", "unknown"] as const;

/** How a guest stands; a word that is newer than this program counts as not known. */
const stateOf = (guest: GuestSight) => states.find((state) => state === guest.state) ?? "unknown";

export const guestColumns = (t: TFunction, locale: string) => [
  column<GuestSight>({
    id: "vmid",
    header: t("proxmox.number"),
    track: "5.5rem",
    sort: (guest) => guest.vmid,
    rests: locale,
    cell: (guest) => <span className="font-mono text-xs">{guest.vmid}</span>,
  }),
  column<GuestSight>({
    id: "name",
    header: t("vpses.name"),
    track: "minmax(9rem,2fr)",
    sort: (guest) => guest.name,
    cell: (guest) => (
      <span className="flex min-w-0 items-center gap-2">
        <span className="truncate font-medium" title={guest.name}>
          {guest.name || "–"}
        </span>
        {guest.template && <Badge>{t("proxmox.template")}</Badge>}
        {guest.lock && <Badge tone="warn">{guest.lock}</Badge>}
      </span>
    ),
  }),
  column<GuestSight>({
    id: "state",
    header: t("vpses.status"),
    track: "minmax(7rem,1fr)",
    sort: (guest) => guest.state,
    cell: (guest) => (
      <Status tone={tones[guest.state] ?? "unknown"}>{t(`proxmox.state.${stateOf(guest)}`)}</Status>
    ),
  }),
  column<GuestSight>({
    id: "kind",
    header: t("proxmox.kind"),
    track: "7rem",
    from: 620,
    sort: (guest) => guest.kind,
    cell: (guest) => t(`proxmox.kinds.${guest.kind}`),
  }),
  column<GuestSight>({
    id: "node",
    header: t("proxmox.node"),
    track: "minmax(6rem,1fr)",
    from: 500,
    sort: (guest) => guest.node,
    cell: (guest) => (
      <span className="truncate" title={guest.node}>
        {guest.node}
      </span>
    ),
  }),
  column<GuestSight>({
    id: "peers",
    header: t("proxmox.attachedTo"),
    track: "minmax(7rem,1.2fr)",
    sort: (guest) => guest.peers.join(" "),
    cell: (guest) =>
      guest.peers.length > 0 ? (
        <Status tone="ok">{guest.peers.join(", ")}</Status>
      ) : (
        <span className="text-muted">–</span>
      ),
  }),
];

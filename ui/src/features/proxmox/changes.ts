import type { TFunction } from "i18next";
import type { AttachedSight, GuestForm } from "@/api/generated/types";
import type { openPlan } from "@/features/plans/plan-dialog";

type Asked = Parameters<typeof openPlan>[0];

/** What is wanted of a guest before anything is typed. */
export const emptyGuest = (proxmox: string, vmid: number): GuestForm => ({
  proxmox,
  vmid,
  ports: "",
  protocols: "tcp",
  template: null,
  label: "",
  nic: { nic: "new" },
  address: "auto",
  peer: "",
  new_peer: null,
});

export const attach = (t: TFunction, guest: GuestForm, name: string): Asked => ({
  title: t("proxmox.attachTitle", { name: `${guest.vmid} ${name}`.trim() }),
  source: { change: { change: "guest_attach", guest } },
});

/** The same again: what differs is put right, what was begun is gone on with. */
export const putRight = (t: TFunction, proxmox: string, guest: AttachedSight): Asked =>
  attach(t, emptyGuest(proxmox, guest.vmid), guest.name);

export const detach = (t: TFunction, proxmox: string, vmid: number, name: string): Asked => ({
  title: t("proxmox.detachTitle", { name: `${vmid} ${name}`.trim() }),
  danger: true,
  source: { change: { change: "guest_detach", proxmox, vmid } },
});

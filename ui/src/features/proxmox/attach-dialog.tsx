import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useGuest, useTemplates, useVpses } from "@/api/queries";
import type { AttachedSight, GuestAddresses, GuestForm, GuestSight } from "@/api/generated/types";
import { Cards, Segments } from "@/components/choice";
import { Field } from "@/components/field";
import { FormDialog } from "@/components/form-dialog";
import { Facts } from "@/components/layout";
import { Select } from "@/components/select";
import { ErrorNotice, Notice, Skeleton } from "@/components/states";
import { TextField } from "@/components/text-field";
import { emptyLogin } from "@/features/login/login";
import { openPlan } from "@/features/plans/plan-dialog";
import { AddressField } from "./address-field";
import { attach, detach, emptyGuest } from "./changes";
import { newPeer, TunnelField, type Tunnel } from "./tunnel-field";

interface AttachProps {
  proxmox: string;
  endpoint: string;
  guest: GuestSight;
  attached: AttachedSight[];
  onClose: () => void;
}

/** A guest: what it is, and what it takes to put it on the internet. */
export function AttachDialog({ proxmox, endpoint, guest, attached, onClose }: AttachProps) {
  const { t } = useTranslation();
  const details = useGuest(proxmox, guest.vmid);
  const { data: vpses = [] } = useVpses();
  const [form, setForm] = useState(() => emptyGuest(proxmox, guest.vmid));
  // Others of its node show that a tunnel is there.
  const peers = useMemo(() => peersOn(attached, guest.node), [attached, guest.node]);
  const [tunnel, setTunnel] = useState<Tunnel>(() => ({
    peer: peers[0] ?? "",
    vps: "",
    ip: "",
    login: { ...emptyLogin(), target: endpoint ? `root@${endpoint.replace(/:\d+$/, "")}` : "" },
  }));
  const set = (next: Partial<GuestForm>) => setForm({ ...form, ...next });
  const name = `${guest.vmid} ${guest.name}`.trim();
  const mine = attached.find((one) => one.vmid === guest.vmid);
  if (mine) {
    return (
      <FormDialog
        shape="drawer"
        title={name}
        action={t("proxmox.detach")}
        onClose={onClose}
        onSubmit={() => openPlan(detach(t, proxmox, guest.vmid, guest.name))}
      >
        <Details details={details.data} error={details.error} />
        <Notice tone="ok" title={t("proxmox.isAttached", { peer: mine.peer ?? "", address: mine.address })} />
      </FormDialog>
    );
  }
  const opens = form.template !== null || form.ports.trim() !== "";
  const usable = !guest.template && guest.state !== "unknown" && vpses.length > 0;
  const send = () =>
    openPlan(
      attach(t, { ...form, peer: tunnel.peer, new_peer: newPeer(tunnel, peers.length > 0) }, guest.name),
    );
  return (
    <FormDialog
      shape="drawer"
      title={t("proxmox.attachTitle", { name })}
      description={t("proxmox.attachText")}
      action={t("proxmox.plan")}
      disabled={!usable || !opens || (peers.length === 0 && tunnel.login.target.trim() === "")}
      unsaved={opens}
      onClose={onClose}
      onSubmit={send}
    >
      <Details details={details.data} error={details.error} />
      {guest.template && <Notice tone="off" title={t("proxmox.templateText")} />}
      {vpses.length === 0 && <Notice tone="warn" title={t("proxmox.noVps")} />}
      <Opened form={form} set={set} />
      <fieldset className="grid gap-1.5">
        <legend className="mb-1 font-medium">{t("proxmox.nic")}</legend>
        <Cards
          label={t("proxmox.nic")}
          value={form.nic.nic}
          onChange={(nic) =>
            set({
              nic: nic === "replace" ? { nic, index: null } : nic === "lan" ? { nic, address: "" } : { nic },
            })
          }
          cards={(["new", "replace", "lan"] as const).map((value) => ({
            value,
            title: t(`proxmox.nics.${value}`),
            text: t(`proxmox.nics.${value}Text`),
          }))}
        />
        {form.nic.nic === "lan" && (
          <TextField
            mono
            optional
            label={t("proxmox.lanAddress")}
            hint={t("proxmox.lanHint")}
            value={form.nic.address}
            onChange={(address) => set({ nic: { nic: "lan", address } })}
          />
        )}
      </fieldset>
      {form.nic.nic !== "lan" && (
        <AddressField kind={guest.kind} value={form.address} onChange={(address) => set({ address })} />
      )}
      <TunnelField node={guest.node} peers={peers} tunnel={tunnel} onChange={setTunnel} />
    </FormDialog>
  );
}

function Details({ details, error }: { details: GuestAddresses | undefined; error: unknown }) {
  const { t } = useTranslation();
  if (error != null) return <ErrorNotice error={error} />;
  if (!details) return <Skeleton className="h-16" />;
  const cards = details.nics.map((nic) => (
    <span key={nic.key} className="block break-words">
      <code>{nic.key}</code> {[nic.bridge, nic.mac, ...nic.addresses].filter(Boolean).join(" · ")}
    </span>
  ));
  return (
    <Facts
      facts={[
        [t("proxmox.node"), details.guest.node],
        details.system !== null && [t("proxmox.system"), details.system],
        [t("proxmox.cards"), cards.length > 0 ? cards : "–"],
        details.silent !== null && [t("proxmox.silent"), details.silent],
      ]}
    />
  );
}

function Opened({ form, set }: { form: GuestForm; set: (next: Partial<GuestForm>) => void }) {
  const { t } = useTranslation();
  const { data: templates = [] } = useTemplates();
  return (
    <div className="grid gap-4">
      <Field label={t("forwards.template")}>
        {(control) => (
          <Select
            {...control}
            value={form.template ?? OWN}
            onChange={(value) => set({ template: value === OWN ? null : value })}
            options={[
              { value: OWN, label: t("forwards.ownPorts") },
              ...templates.map((one) => ({ value: one.name, label: one.title, detail: one.ports })),
            ]}
          />
        )}
      </Field>
      {form.template === null && (
        <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_auto]">
          <TextField
            mono
            label={t("forwards.ports")}
            hint={t("forwards.portsHint")}
            value={form.ports}
            placeholder="25565"
            onChange={(ports) => set({ ports })}
          />
          <div>
            <p className="mb-1 font-medium">{t("forwards.protocol")}</p>
            <Segments
              label={t("forwards.protocol")}
              value={form.protocols}
              onChange={(protocols) => set({ protocols })}
              segments={[
                { value: "tcp", label: "TCP" },
                { value: "udp", label: "UDP" },
                { value: "both", label: "TCP + UDP" },
              ]}
            />
          </div>
        </div>
      )}
    </div>
  );
}

const peersOn = (attached: AttachedSight[], node: string) => [
  ...new Set(attached.flatMap((one) => (one.node === node && one.peer !== null ? [one.peer] : []))),
];

/** No template: the ports are typed. */
const OWN = "-";

import { useState } from "react";
import { Link } from "@tanstack/react-router";
import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { AddressView, Change, VpsPage } from "@/api/generated/types";
import { Button, IconButton } from "@/components/button";
import { Switch } from "@/components/choice";
import { Copyable } from "@/components/copy";
import { FormDialog } from "@/components/form-dialog";
import { Meter, Panel } from "@/components/layout";
import { Badge } from "@/components/status";
import { Tip } from "@/components/tip";
import { TextField } from "@/components/text-field";
import { DnsName } from "@/features/dns/dns-name";
import { openPlan } from "@/features/plans/plan-dialog";
import { count } from "@/lib/format";

/** Ports of an address that a forward can have, TCP and UDP. */
const PORTS = 2 * 65_535;

/** The public addresses of a VPS, with who has them. */
export function Pool({ page }: { page: VpsPage }) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const aside = (
    <Button size="sm" icon={Plus} onClick={() => setAdding(true)}>
      {t("pool.add")}
    </Button>
  );
  return (
    <Panel flush title={t("pool.title")} aside={aside}>
      <ul>
        {page.pool.map((address) => (
          <Address key={address.address} vps={page.row.name} address={address} />
        ))}
      </ul>
      {adding && <AddAddress vps={page.row.name} onClose={() => setAdding(false)} />}
    </Panel>
  );
}

function Address({ vps, address }: { vps: string; address: AddressView }) {
  const { t, i18n } = useTranslation();
  const title = (active: boolean) => t(active ? "pool.enable" : "pool.disable", { address: address.address });
  const change = (active: boolean): Change => ({
    change: "ip_set_active",
    vps,
    address: address.address,
    active,
  });
  const setActive = (active: boolean) =>
    openPlan({
      title: title(active),
      source: { change: change(active) },
      undo: { title: title(!active), change: change(!active) },
    });
  const remove = () =>
    openPlan({
      title: t("pool.remove", { address: address.address }),
      danger: true,
      source: { change: { change: "ip_remove", vps, address: address.address } },
    });
  const shown = count(address.ports, i18n.language);
  const used = `${t("forwards.many", { count: address.forwards })}, ${t("pool.ports", { count: address.ports, shown })}`;
  return (
    <li className="grid gap-x-4 gap-y-1.5 border-b px-4 py-3 last:border-b-0 md:grid-cols-[minmax(0,1fr)_9rem_auto]">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-2">
          <Copyable text={address.address} what={t("vpses.publicIp")} className="font-medium" />
          {address.is_endpoint && (
            <Tip text={t("pool.endpointTip")}>
              <span tabIndex={0}>
                <Badge>{t("pool.endpoint")}</Badge>
              </span>
            </Tip>
          )}
          {!address.active && <Badge tone="off">{t("pool.disabled")}</Badge>}
        </div>
        <p className="mt-0.5 text-xs text-muted">
          {address.on_host !== address.address && <>{t("pool.onHost", { address: address.on_host })} · </>}
          {address.peers.length === 0
            ? t("pool.free")
            : address.peers.slice(0, 4).map((peer, index) => (
                <span key={peer}>
                  {index > 0 && ", "}
                  <Link to="/peers/$name" params={{ name: peer }} className="hover:text-text hover:underline">
                    {peer}
                  </Link>
                </span>
              ))}
          {address.peers.length > 4 && ` +${address.peers.length - 4}`}
        </p>
        <DnsName address={address.address} />
      </div>
      <div className="self-center text-xs text-muted">
        {used}
        <Meter value={address.ports / PORTS} label={used} />
      </div>
      <div className="flex items-center gap-1 self-center">
        <Switch
          checked={address.active}
          onChange={setActive}
          label={t("pool.active", { address: address.address })}
        />
        <IconButton
          icon={X}
          label={t("pool.remove", { address: address.address })}
          disabled={address.peers.length > 0}
          onClick={remove}
        />
      </div>
    </li>
  );
}

function AddAddress({ vps, onClose }: { vps: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [address, setAddress] = useState("");
  const wanted = address.trim();
  const title = t("pool.addTo", { vps });
  return (
    <FormDialog
      width="sm"
      title={title}
      action={t(wanted ? "pool.add" : "pool.addFound")}
      unsaved={wanted !== ""}
      onClose={onClose}
      onSubmit={() => openPlan({ title, source: { change: { change: "ip_add", vps, address: wanted } } })}
    >
      <TextField
        mono
        optional
        autoFocus
        label={t("vpses.publicIp")}
        hint={t("pool.addHint")}
        value={address}
        placeholder="203.0.113.11"
        onChange={setAddress}
      />
    </FormDialog>
  );
}

import { useTranslation } from "react-i18next";
import { usePeers, useVps, useVpses } from "@/api/queries";
import type { LoginForm, NodePeerForm } from "@/api/generated/types";
import { Field } from "@/components/field";
import { Select } from "@/components/select";
import { ErrorNotice } from "@/components/states";
import { LoginFields } from "@/features/login/login-fields";

/** Through which tunnel a guest goes: a peer that is on its node, or a new one with a public address. */
export interface Tunnel {
  /** Name of the peer; empty for a new one. */
  peer: string;
  vps: string;
  ip: string;
  login: LoginForm;
}

/** A new one, beside the peers that there are: no peer is called so. */
const NEW = "*";

const AUTOMATIC = "round-robin";

interface TunnelProps {
  node: string;
  /** Peers on the node, by name. */
  peers: string[];
  tunnel: Tunnel;
  onChange: (tunnel: Tunnel) => void;
}

/** What the plan is asked for; none where a peer that is there is taken. */
export const newPeer = (tunnel: Tunnel, isKnown: boolean): NodePeerForm | null =>
  tunnel.peer === "" ? { vps: tunnel.vps, ip: tunnel.ip, login: isKnown ? null : tunnel.login } : null;

export function TunnelField({ node, peers, tunnel, onChange }: TunnelProps) {
  const { t } = useTranslation();
  const { data: rows = [] } = usePeers();
  const set = (next: Partial<Tunnel>) => onChange({ ...tunnel, ...next });
  const isKnown = peers.length > 0;
  const addressOf = (name: string) => rows.find((row) => row.name === name)?.public_ip ?? "";
  return (
    <fieldset className="grid gap-4 rounded-lg border p-3">
      <legend className="px-1 font-medium">{t("proxmox.tunnel", { node })}</legend>
      {isKnown ? (
        <Field label={t("proxmox.through")} hint={t("proxmox.throughHint")}>
          {(control) => (
            <Select
              {...control}
              value={tunnel.peer === "" ? NEW : tunnel.peer}
              onChange={(value) => set({ peer: value === NEW ? "" : value })}
              options={[
                ...peers.map((name) => ({ value: name, label: name, detail: addressOf(name) })),
                { value: NEW, label: t("proxmox.another"), detail: t("proxmox.anotherText") },
              ]}
            />
          )}
        </Field>
      ) : (
        <p className="text-muted">{t("proxmox.tunnelText")}</p>
      )}
      {tunnel.peer === "" && <Where tunnel={tunnel} set={set} />}
      {!isKnown && (
        <LoginFields
          login={tunnel.login}
          onChange={(login) => set({ login })}
          error={null}
          example="root@192.168.1.10"
        />
      )}
    </fieldset>
  );
}

/** The VPS of a new tunnel, and its public address. */
function Where({ tunnel, set }: { tunnel: Tunnel; set: (next: Partial<Tunnel>) => void }) {
  const { t } = useTranslation();
  const { data: vpses = [] } = useVpses();
  const only = vpses.length === 1 ? (vpses[0]?.name ?? "") : "";
  const chosen = tunnel.vps === "" ? only : tunnel.vps;
  return (
    <>
      {vpses.length > 1 && (
        <Field label={t("proxmox.onVps")}>
          {(control) => (
            <Select
              {...control}
              value={tunnel.vps}
              onChange={(vps) => set({ vps, ip: "" })}
              placeholder={t("proxmox.chooseVps")}
              options={vpses.map((one) => ({ value: one.name, label: one.name }))}
            />
          )}
        </Field>
      )}
      {chosen !== "" && <Address vps={chosen} ip={tunnel.ip} onChange={(ip) => set({ ip })} />}
    </>
  );
}

function Address({ vps, ip, onChange }: { vps: string; ip: string; onChange: (ip: string) => void }) {
  const { t } = useTranslation();
  const page = useVps(vps);
  if (page.error) return <ErrorNotice error={page.error} onRetry={() => void page.refetch()} />;
  const active = (page.data?.pool ?? []).filter((one) => one.active);
  return (
    <Field label={t("peers.publicIp")}>
      {(control) => (
        <Select
          {...control}
          value={ip === "" ? AUTOMATIC : ip}
          onChange={(value) => onChange(value === AUTOMATIC ? "" : value)}
          options={[
            { value: AUTOMATIC, label: t("addPeer.ip.roundRobin") },
            { value: "least-used", label: t("addPeer.ip.leastUsed") },
            ...active.map((one) => ({
              value: one.address,
              label: one.address,
              detail: one.peers.length === 0 ? t("pool.free") : one.peers.slice(0, 4).join(", "),
            })),
          ]}
        />
      )}
    </Field>
  );
}

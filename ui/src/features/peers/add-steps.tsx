import { useTranslation } from "react-i18next";
import { usePeers, useVps, useVpses } from "@/api/queries";
import type { LoginForm, ManualMode, PeerSetupForm } from "@/api/generated/types";
import { Cards } from "@/components/choice";
import { Disclosure } from "@/components/disclosure";
import { Field } from "@/components/field";
import { Select } from "@/components/select";
import { ErrorNotice, Skeleton } from "@/components/states";
import { TextField } from "@/components/text-field";
import { HelpLink } from "@/features/help/help-link";
import { LoginFields } from "@/features/login/login-fields";
import { RouteChoice } from "./route-choice";
import type { Route } from "./route";

export interface Draft {
  vps: string;
  name: string;
  setup: PeerSetupForm["setup"];
  login: LoginForm;
  mode: ManualMode;
  ip: string;
  network: string;
  vmInterface: string;
  mtu: string;
  route: Route;
}

interface StepProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
}

/** What it is called and how it is set up. */
export function HowStep({ draft, onChange }: StepProps) {
  const { t } = useTranslation();
  const { data: peers = [] } = usePeers();
  const set = (next: Partial<Draft>) => onChange({ ...draft, ...next });
  const taken = peers.some((peer) => peer.name.toLowerCase() === draft.name.trim().toLowerCase());
  return (
    <>
      <TextField
        label={t("vpses.name")}
        hint={t("addPeer.nameHint")}
        error={taken ? t("addPeer.taken", { name: draft.name.trim() }) : undefined}
        autoFocus
        value={draft.name}
        placeholder="attic"
        onChange={(text) => set({ name: text })}
      />
      <div>
        <p className="mb-1 font-medium">{t("addPeer.how")}</p>
        <Cards
          label={t("addPeer.how")}
          columns={3}
          value={draft.setup}
          onChange={(setup) => set({ setup })}
          cards={(["ssh", "local", "manual"] as const).map((value) => ({
            value,
            title: t(`addPeer.setup.${value}.title`),
            text: t(`addPeer.setup.${value}.text`),
          }))}
        />
      </div>
      {draft.setup === "ssh" && (
        <LoginFields
          login={draft.login}
          onChange={(login) => set({ login })}
          error={null}
          example="root@192.168.20.10"
        />
      )}
      {draft.setup === "manual" && (
        <div>
          <p className="mb-1 font-medium">{t("peers.mode")}</p>
          <Cards
            label={t("peers.mode")}
            columns={2}
            value={draft.mode}
            onChange={(mode) => set({ mode })}
            cards={(["full_tunnel", "masquerade"] as const).map((value) => ({
              value,
              title: t(`peers.modes.${value}.title`),
              text: t(`peers.modes.${value}.text`),
            }))}
          />
        </div>
      )}
    </>
  );
}

/** Which VPS, and which of its addresses people use to get here. */
export function WhereStep({ draft, onChange }: StepProps) {
  const { t } = useTranslation();
  const { data: vpses = [] } = useVpses();
  const vps = useVps(draft.vps);
  const set = (next: Partial<Draft>) => onChange({ ...draft, ...next });
  const active = (vps.data?.pool ?? []).filter((one) => one.active);
  return (
    <>
      <Field label="VPS" hint={t("addPeer.vpsHint")}>
        {(control) => (
          <Select
            {...control}
            value={draft.vps}
            onChange={(next) => set({ vps: next, ip: "round-robin" })}
            options={vpses.map((one) => ({
              value: one.name,
              label: one.name,
              detail: one.addresses.join(" · "),
            }))}
          />
        )}
      </Field>
      <div>
        <p className="mb-1 font-medium">{t("peers.publicIp")}</p>
        <p className="mb-2 text-xs text-muted">{t("addPeer.ipHint")}</p>
        {vps.error && <ErrorNotice error={vps.error} onRetry={() => void vps.refetch()} />}
        {vps.isPending && <Skeleton className="h-16" />}
        {vps.data && (
          <Cards
            label={t("peers.publicIp")}
            columns={2}
            value={draft.ip}
            onChange={(ip) => set({ ip })}
            cards={[
              {
                value: "round-robin",
                title: t("addPeer.ip.roundRobin"),
                text: t("addPeer.ip.roundRobinText"),
              },
              { value: "least-used", title: t("addPeer.ip.leastUsed"), text: t("addPeer.ip.leastUsedText") },
              ...active.map((one) => ({
                value: one.address,
                title: one.address,
                text: one.peers.length === 0 ? t("pool.free") : one.peers.slice(0, 4).join(", "),
              })),
            ]}
          />
        )}
      </div>
      {draft.setup !== "manual" && (
        <Disclosure
          label={t("addPeer.more")}
          startOpen={draft.network !== "" || draft.vmInterface !== "" || draft.route.way !== "replies"}
        >
          <div className="grid gap-4 sm:grid-cols-[2fr_2fr_1fr]">
            <TextField
              label={t("peers.vmNetwork")}
              optional
              hint={
                <>
                  {t("addPeer.networkHint")} <HelpLink to="vmNetwork" />
                </>
              }
              mono
              value={draft.network}
              placeholder="10.99.1.0/24"
              onChange={(text) => set({ network: text })}
            />
            <TextField
              label={t("peers.bridge")}
              optional
              hint={t("addPeer.bridgeHint")}
              mono
              value={draft.vmInterface}
              placeholder="vmbr1"
              onChange={(text) => set({ vmInterface: text })}
            />
            <TextField
              label={t("peers.mtu")}
              optional
              mono
              inputMode="numeric"
              value={draft.mtu}
              placeholder="1420"
              onChange={(text) => set({ mtu: text })}
            />
          </div>
          <div className="mt-4">
            <p className="mb-1 font-medium">{t("peers.route.label")}</p>
            <p className="mb-2 text-xs text-muted">
              {t("peers.route.text")} <HelpLink to="ownTraffic" />
            </p>
            <RouteChoice route={draft.route} onChange={(route) => set({ route })} />
          </div>
        </Disclosure>
      )}
    </>
  );
}

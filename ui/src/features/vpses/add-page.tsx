import { useId, useState, type ReactNode } from "react";
import { Link, useNavigate } from "@tanstack/react-router";
import { ArrowRight, Plug } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useProbe } from "@/api/mutations";
import { usePeers, useSettings } from "@/api/queries";
import type { Change, LoginForm, Probe } from "@/api/generated/types";
import { Button, buttonClass } from "@/components/button";
import { Panel } from "@/components/layout";
import { ErrorNotice, Notice } from "@/components/states";
import { Stepper } from "@/components/stepper";
import { Unsaved } from "@/components/unsaved";
import { TextField } from "@/components/text-field";
import { HelpLink } from "@/features/help/help-link";
import { LoginFields } from "@/features/login/login-fields";
import { emptyLogin, fieldError, suggestName } from "@/features/login/login";
import { ProbeList } from "@/features/login/probe-list";
import { InlinePlan } from "@/features/plans/inline-plan";
import { Page } from "@/frame/page";

/** A VPS becomes the public end: where it is, whether it is the right one, what will be done, done. */
export function AddVpsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [login, setLogin] = useState<LoginForm>(emptyLogin);
  const [probe, setProbe] = useState<Probe | undefined>();
  const [change, setChange] = useState<Change | undefined>();
  const [typed, setTyped] = useState<Typed | undefined>();
  const [begun, setBegun] = useState(false);
  const step = change ? (begun ? 3 : 2) : probe ? 1 : 0;
  const go = (to: number) => {
    setChange(undefined);
    if (to === 0) setProbe(undefined);
  };
  const trail = [{ label: t("nav.vpses"), to: "/vpses" }, { label: t("vpses.add") }];
  const steps = [
    t("addVps.step.where"),
    t("addVps.step.look"),
    t("addVps.step.plan"),
    t("addVps.step.setUp"),
  ];
  return (
    <Page width="text" title={t("vpses.add")} trail={trail}>
      <div className="mb-4">
        <Stepper label={t("vpses.add")} steps={steps} current={step} onGo={begun ? undefined : go} />
      </div>
      {step === 0 && <Where login={login} onChange={setLogin} onProbed={setProbe} />}
      {step === 1 && probe && (
        <Look
          login={login}
          probe={probe}
          typed={typed}
          onType={setTyped}
          onBack={() => go(0)}
          onPlan={setChange}
        />
      )}
      {change && (
        <Panel>
          <InlinePlan
            source={{ change }}
            word={t("plan.setUp", { name: "name" in change ? change.name : "" })}
            onBegin={() => setBegun(true)}
            onBack={() => setChange(undefined)}
            onKept={() => void navigate({ to: "/vpses", ignoreBlocker: true })}
            done={<Next />}
          />
        </Panel>
      )}
      <Unsaved when={!begun && (login.target !== "" || probe !== undefined)} />
    </Page>
  );
}

function Where({
  login,
  onChange,
  onProbed,
}: {
  login: LoginForm;
  onChange: (login: LoginForm) => void;
  onProbed: (probe: Probe) => void;
}) {
  const { t } = useTranslation();
  const probe = useProbe();
  const { data: settings } = useSettings();
  const filled = { ...login, user: login.user || (settings?.ssh_user ?? "") };
  return (
    <Panel>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          probe.mutate(filled, { onSuccess: onProbed });
        }}
      >
        <p className="text-muted">{t("addVps.whereText")}</p>
        <LoginFields
          autoFocus
          login={login}
          onChange={onChange}
          error={probe.error}
          example="root@203.0.113.10"
        />
        {probe.error && !fieldError(probe.error, "target", "port", "user", "jump", "password", "key") && (
          <ErrorNotice error={probe.error} />
        )}
        {probe.isPending && <ProbeList probe={undefined} busy />}
        <Foot>
          <Link to="/vpses" className={buttonClass()}>
            {t("common.cancel")}
          </Link>
          <Button
            type="submit"
            variant="primary"
            icon={Plug}
            busy={probe.isPending}
            disabled={login.target.trim() === ""}
          >
            {t("login.test")}
          </Button>
        </Foot>
      </form>
    </Panel>
  );
}

/** What is typed about a VPS that was found. It stays when the person goes back, unless that leads to another machine. */
interface Typed {
  target: string;
  name: string;
  network: string;
  port: string;
}

interface LookProps {
  login: LoginForm;
  probe: Probe;
  typed: Typed | undefined;
  onType: (typed: Typed) => void;
  onBack: () => void;
  onPlan: (change: Change) => void;
}

function Look({ login, probe, typed, onType, onBack, onPlan }: LookProps) {
  const { t } = useTranslation();
  const { data: settings } = useSettings();
  const form = useId();
  const blank = { target: login.target, name: suggested(login, probe), network: "", port: "" };
  const shown = typed?.target === login.target ? typed : blank;
  const { name, network, port } = shown;
  const set = (next: Partial<Typed>) => onType({ ...shown, ...next });
  // The key was compared a moment ago; it is not asked for again.
  const known = { ...login, trust: login.trust || probe.fingerprint };
  const plan = () =>
    onPlan({
      change: "vps_add",
      name: name.trim(),
      login: known,
      tunnel_network: network.trim(),
      listen_port: port.trim(),
      ips: [],
    });
  return (
    <Panel title={t("probe.title")}>
      <div className="grid gap-5">
        <ProbeList probe={probe} busy={false} />
        {probe.known_as && <Notice tone="warn" title={t("addVps.known", { name: probe.known_as })} />}
        <form
          id={form}
          className="grid gap-4 border-t pt-4 sm:grid-cols-[2fr_2fr_1fr]"
          onSubmit={(event) => {
            event.preventDefault();
            plan();
          }}
        >
          <TextField
            label={t("vpses.name")}
            hint={t("addVps.nameHint")}
            autoFocus
            value={name}
            onChange={(text) => set({ name: text })}
          />
          <TextField
            label={t("vps.tunnelNetwork")}
            optional
            hint={
              <>
                {t("addVps.networkHint")} <HelpLink to="tunnel" />
              </>
            }
            mono
            value={network}
            placeholder="10.0.0.0/24"
            onChange={(text) => set({ network: text })}
          />
          <TextField
            label={t("addVps.port")}
            optional
            mono
            inputMode="numeric"
            value={port}
            placeholder={String(settings?.listen_port ?? 51820)}
            onChange={(text) => set({ port: text })}
          />
        </form>
        <Foot>
          <Button onClick={onBack}>{t("common.back")}</Button>
          <Button type="submit" form={form} variant="primary" disabled={name.trim() === ""}>
            {t("addVps.plan")}
          </Button>
        </Foot>
      </div>
    </Panel>
  );
}

function suggested(login: LoginForm, probe: Probe): string {
  const address = login.target.trim().split(/\s+/).at(-1)?.split("@").at(-1) ?? "";
  return suggestName(address) || suggestName(probe.hostname) || "vps";
}

function Next() {
  const { t } = useTranslation();
  const { data: peers } = usePeers();
  const first = peers?.length === 0;
  return (
    <Link to={first ? "/peers/add" : "/vpses"} className={buttonClass("primary")}>
      {t(first ? "addVps.next" : "addVps.toList")}
      <ArrowRight aria-hidden className="size-4" />
    </Link>
  );
}

export const Foot = ({ children }: { children: ReactNode }) => (
  <div className="flex flex-wrap justify-end gap-2 border-t pt-4">{children}</div>
);

import { useState } from "react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useVpses } from "@/api/queries";
import type { Change, PeerSetupForm } from "@/api/generated/types";
import { Button, buttonClass } from "@/components/button";
import { Panel } from "@/components/layout";
import { Empty, ErrorNotice, SkeletonRows } from "@/components/states";
import { Stepper } from "@/components/stepper";
import { Unsaved } from "@/components/unsaved";
import { House } from "lucide-react";
import { emptyLogin } from "@/features/login/login";
import { InlinePlan } from "@/features/plans/inline-plan";
import { Foot } from "@/features/vpses/add-page";
import { Page } from "@/frame/page";
import { Done } from "./add-done";
import { isWhole, writeRoute } from "./route";
import { HowStep, WhereStep, type Draft } from "./add-steps";

/** A machine or device at home: which VPS, how it is set up, its address, the plan, done, and what to use. */
export function AddPeerPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/peers/add" });
  const vpses = useVpses();
  const trail = [{ label: t("nav.peers"), to: "/peers" }, { label: t("peers.add") }];
  const lone = vpses.data?.[0]?.name;
  return (
    <Page width="text" title={t("peers.add")} trail={trail}>
      {vpses.error && <ErrorNotice error={vpses.error} onRetry={() => void vpses.refetch()} />}
      {vpses.isPending && <SkeletonRows rows={4} />}
      {vpses.data?.length === 0 && (
        <Panel>
          <Empty icon={House} title={t("peers.emptyTitle")} text={t("peers.emptyNoVps")}>
            <Link to="/vpses/add" className={buttonClass("primary")}>
              {t("vpses.add")}
            </Link>
          </Empty>
        </Panel>
      )}
      {lone && <Wizard vps={vpses.data?.find((one) => one.name === search.vps)?.name ?? lone} />}
    </Page>
  );
}

function Wizard({ vps }: { vps: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [draft, setDraft] = useState<Draft>({
    vps,
    name: "",
    setup: "ssh",
    login: emptyLogin(),
    mode: "full_tunnel",
    ip: "round-robin",
    network: "",
    vmInterface: "",
    mtu: "",
    route: { way: "replies", networks: "" },
  });
  const [step, setStep] = useState(0);
  const [begun, setBegun] = useState(false);
  const steps = [
    t("addPeer.step.how"),
    t("addPeer.step.where"),
    t("addVps.step.plan"),
    t("addVps.step.setUp"),
  ];
  const ready =
    step === 0
      ? draft.name.trim() !== "" && (draft.setup !== "ssh" || draft.login.target.trim() !== "")
      : draft.setup === "manual" || isWhole(draft.route);
  return (
    <>
      <div className="mb-4">
        <Stepper
          label={t("peers.add")}
          steps={steps}
          current={begun ? 3 : step}
          onGo={begun ? undefined : setStep}
        />
      </div>
      <Panel>
        {step === 2 ? (
          <InlinePlan
            source={{ change: changeOf(draft) }}
            word={t("plan.setUp", { name: draft.name.trim() })}
            onBegin={() => setBegun(true)}
            onBack={() => setStep(1)}
            onKept={() => void navigate({ to: "/peers", ignoreBlocker: true })}
            done={<Done name={draft.name.trim()} manual={draft.setup === "manual"} />}
          />
        ) : (
          <form
            className="grid gap-5"
            onSubmit={(event) => {
              event.preventDefault();
              if (ready) setStep(step + 1);
            }}
          >
            {step === 0 ? (
              <HowStep draft={draft} onChange={setDraft} />
            ) : (
              <WhereStep draft={draft} onChange={setDraft} />
            )}
            <Foot>
              {step === 0 ? (
                <Link to="/peers" className={buttonClass()}>
                  {t("common.cancel")}
                </Link>
              ) : (
                <Button onClick={() => setStep(0)}>{t("common.back")}</Button>
              )}
              <Button type="submit" variant="primary" disabled={!ready}>
                {t(step === 0 ? "common.next" : "addVps.plan")}
              </Button>
            </Foot>
          </form>
        )}
      </Panel>
      <Unsaved when={!begun && (draft.name !== "" || draft.login.target !== "")} />
    </>
  );
}

function setupOf(draft: Draft): PeerSetupForm {
  switch (draft.setup) {
    case "ssh":
      return { setup: "ssh", login: draft.login };
    case "manual":
      return { setup: "manual", mode: draft.mode };
    case "local":
      return { setup: "local" };
  }
}

const changeOf = (draft: Draft): Change => ({
  change: "peer_add",
  name: draft.name.trim(),
  vps: draft.vps,
  setup: setupOf(draft),
  ip: draft.ip,
  network: draft.network.trim(),
  vm_interface: draft.vmInterface.trim(),
  mtu: draft.mtu.trim(),
  // A device that is set up by hand has its own way of using the tunnel.
  ...(draft.setup === "manual" ? {} : { route: writeRoute(draft.route) }),
});

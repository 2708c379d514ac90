import { useTranslation } from "react-i18next";
import type { Change, PlanView as Plan } from "@/api/generated/types";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { toast } from "@/components/toast";
import { createStore } from "@/lib/store";
import { JobFoot, JobView } from "./job-view";
import { PlanBody } from "./plan-body";
import { isBlocked } from "./plan-view";
import { usePlan, type PlanSource } from "./use-plan";

interface Asked {
  source: PlanSource;
  /** What the person asked for, as the title, e.g. “Remove forward survival”. */
  title: string;
  /** It takes something away: the button is not the bright one. */
  danger?: boolean;
  onApplied?: (() => void) | undefined;
  /** Once the dialog is gone, if it was applied. */
  afterwards?: (() => void) | undefined;
  /** The change that takes it back, with its title: offered once it was applied or kept. */
  undo?: { title: string; change: Change } | undefined;
  /** Leads back to the form where the plan fails, e.g. because of a wrong password. */
  back?: (() => void) | undefined;
}

const asked = createStore<(Asked & { number: number }) | null>(null);
let number = 0;

/** Shows the plan of an edit, wherever the page is; nothing is done before the person says so. */
export function openPlan(next: Asked): void {
  number += 1;
  asked.set({ ...next, number });
}

/** The place of plans, once in the frame. */
export default function PlanDialogs() {
  const one = asked.use();
  return one && <PlanDialog key={one.number} {...one} onClose={() => asked.set(null)} />;
}

function PlanDialog({
  source,
  title,
  danger,
  onApplied,
  afterwards,
  undo,
  back,
  onClose: close,
}: Asked & { onClose: () => void }) {
  const flow = usePlan(source);
  const { t } = useTranslation();
  const { stage } = flow;
  const offerUndo = () => {
    if (!undo) return;
    const run = () => openPlan({ title: undo.title, source: { change: undo.change } });
    toast("info", t("plan.canUndo", { what: title }), { label: t("plan.undo"), run });
  };
  const onClose = () => {
    close();
    if (stage.at !== "job") return;
    afterwards?.();
    offerUndo();
  };
  const keep = async (plan: Plan) => {
    if (!(await flow.keep(plan))) return;
    toast("info", t(plan.empty && plan.unreached.length === 0 ? "plan.saved" : "plan.recorded"));
    offerUndo();
    onApplied?.();
    onClose();
  };
  const apply = async (plan: Plan) => {
    if (await flow.carryOut(plan)) onApplied?.();
  };
  const foot =
    stage.at === "job" ? (
      <JobFoot id={stage.job} onClose={onClose} onRetried={(job) => flow.show({ ...stage, job })} />
    ) : (
      <>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        {stage.at === "failed" && back && (
          <Button
            variant="primary"
            onClick={() => {
              close();
              back();
            }}
          >
            {t("plan.backToForm")}
          </Button>
        )}
        {stage.at === "plan" && (
          <PlanButtons
            plan={stage.plan}
            danger={danger}
            busy={flow.busy}
            onKeep={() => void keep(stage.plan)}
            onApply={() => void apply(stage.plan)}
          />
        )}
      </>
    );
  return (
    <Dialog open onClose={onClose} title={title} width="lg" footer={foot}>
      {stage.at === "job" ? (
        <JobView id={stage.job} />
      ) : (
        <PlanBody stage={stage} onAgain={() => void flow.again()} />
      )}
    </Dialog>
  );
}

interface PlanButtonsProps {
  plan: Plan;
  danger?: boolean | undefined;
  busy: boolean;
  /** The word of the button, where “Apply” says too little. */
  word?: string | undefined;
  onKeep: () => void;
  onApply: () => void;
}

export function PlanButtons({ plan, danger, busy, word, onKeep, onApply }: PlanButtonsProps) {
  const { t } = useTranslation();
  if (isBlocked(plan)) return null;
  if (plan.empty) {
    // Nobody has to be touched, or nobody could be: keeping it is all there is to do.
    const label = t(plan.unreached.length > 0 ? "plan.later" : "plan.record");
    return plan.changes_inventory && !plan.recorded ? (
      <Button variant="primary" busy={busy} onClick={onKeep}>
        {label}
      </Button>
    ) : null;
  }
  const count = plan.hosts.filter((host) => host.kind !== "nothing").length;
  return (
    <>
      {!plan.recorded && (
        <Button busy={busy} onClick={onKeep}>
          {t("plan.later")}
        </Button>
      )}
      <Button variant={danger ? "danger" : "primary"} busy={busy} onClick={onApply}>
        {word ?? (plan.guest ? t("plan.applyGuest") : t("plan.applyOn", { count }))}
      </Button>
    </>
  );
}

import { useCallback, useEffect, useRef, useState } from "react";
import { useApplyPlan, usePreviewChange, usePreviewPending, useRecordPlan } from "@/api/mutations";
import type { Change, PlanView } from "@/api/generated/types";

/** Where a plan comes from: an edit, or what is recorded already. */
export type PlanSource = { change: Change } | { pending: string[] };

export type Stage =
  | { at: "planning" }
  | { at: "failed"; error: unknown }
  | { at: "plan"; plan: PlanView; error?: unknown }
  | { at: "job"; plan: PlanView; job: string };

/** The way of a change: planned, shown, applied. */
export function usePlan(source: PlanSource) {
  const [stage, setStage] = useState<Stage>({ at: "planning" });
  const { mutateAsync: previewChange } = usePreviewChange();
  const { mutateAsync: previewPending } = usePreviewPending();
  const apply = useApplyPlan();
  const record = useRecordPlan();
  const from = useRef(source);
  const begun = useRef(false);

  const make = useCallback(async () => {
    setStage({ at: "planning" });
    const wanted = from.current;
    try {
      const plan =
        "change" in wanted ? await previewChange(wanted.change) : await previewPending(wanted.pending);
      setStage({ at: "plan", plan });
    } catch (error) {
      setStage({ at: "failed", error });
    }
  }, [previewChange, previewPending]);

  useEffect(() => {
    // A plan connects to hosts: once, also where effects run twice.
    if (begun.current) return;
    begun.current = true;
    void make();
  }, [make]);

  const carryOut = async (plan: PlanView) => {
    try {
      const job = await apply.mutateAsync({ plan: plan.id });
      setStage({ at: "job", plan, job });
      return job;
    } catch (error) {
      setStage({ at: "plan", plan, error });
      return undefined;
    }
  };

  const keep = async (plan: PlanView) => {
    try {
      return await record.mutateAsync(plan.id);
    } catch (error) {
      setStage({ at: "plan", plan, error });
      return undefined;
    }
  };

  return { stage, again: make, carryOut, keep, busy: apply.isPending || record.isPending, show: setStage };
}

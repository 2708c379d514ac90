import { openPlan } from "@/features/plans/plan-dialog";

/** Puts the generation before the one in force back, by a plan. */
export function rollBack(title: string, host: string): void {
  openPlan({ title, source: { change: { change: "host_rollback", host, generation: null } } });
}

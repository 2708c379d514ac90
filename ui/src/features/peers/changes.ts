import type { TFunction } from "i18next";
import { openPlan } from "@/features/plans/plan-dialog";

/** Suspends or resumes peers, by a plan. */
export function setPeersActive(t: TFunction, names: string[], active: boolean, onApplied?: () => void): void {
  const what = names.length === 1 ? (names[0] ?? "") : t("peers.many", { count: names.length });
  openPlan({
    title: t(active ? "peers.resumeTitle" : "peers.suspendTitle", { what }),
    source: { change: { change: "peer_set_active", names, active } },
    onApplied,
  });
}

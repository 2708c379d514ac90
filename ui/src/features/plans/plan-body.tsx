import { useTranslation } from "react-i18next";
import { ErrorNotice, Notice, Skeleton } from "@/components/states";
import { isBlocked, PlanView } from "./plan-view";
import type { Stage } from "./use-plan";

interface PlanBodyProps {
  stage: Exclude<Stage, { at: "job" }>;
  onAgain: () => void;
}

/** The plan, or the way there. */
export function PlanBody({ stage, onAgain }: PlanBodyProps) {
  const { t } = useTranslation();
  if (stage.at === "failed")
    return <ErrorNotice error={stage.error} title={t("plan.failed")} onRetry={onAgain} />;
  if (stage.at === "planning") {
    return (
      <div role="status" className="grid gap-3">
        <p className="text-muted">{t("plan.planning")}</p>
        {[0, 1].map((one) => (
          <div key={one} className="grid gap-2.5 rounded-lg border p-3">
            <Skeleton className="h-4 w-32" />
            <Skeleton className="h-3 w-4/5" />
            <Skeleton className="h-3 w-3/5" />
          </div>
        ))}
      </div>
    );
  }
  return (
    <div className="grid gap-3">
      {stage.error !== undefined && <ErrorNotice error={stage.error} onRetry={onAgain} />}
      {isBlocked(stage.plan) && <Notice urgent tone="bad" title={t("plan.blocked")} />}
      <PlanView plan={stage.plan} />
    </div>
  );
}

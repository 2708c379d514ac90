import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/button";
import { useJob } from "@/api/queries";
import { JobFoot, JobView } from "./job-view";
import { PlanBody } from "./plan-body";
import { PlanButtons } from "./plan-dialog";
import { usePlan, type PlanSource } from "./use-plan";

interface InlinePlanProps {
  source: PlanSource;
  /** The word of the button, e.g. “Set up nyc”. */
  word: string;
  /** The job has begun; an apply that cannot begin leaves the plan as it is. */
  onBegin: () => void;
  onBack: () => void;
  /** It was kept for later. */
  onKept: () => void;
  /** What follows once it is done: the next thing to do. */
  done: ReactNode;
}

/** A plan as a part of a wizard: planned, shown, applied, and what comes next. */
export function InlinePlan({ source, word, onBegin, onBack, onKept, done }: InlinePlanProps) {
  const { t } = useTranslation();
  const flow = usePlan(source);
  const { stage } = flow;
  const { job } = useJob(stage.at === "job" ? stage.job : "");
  const foot = useRef<HTMLDivElement>(null);
  const isDone = job?.state === "done";
  // Below the steps, what comes next would be out of sight; it grows once it has been asked for.
  useEffect(() => {
    const next = foot.current;
    if (!isDone || !next) return;
    const observer = new ResizeObserver(() => next.scrollIntoView({ block: "nearest" }));
    observer.observe(next);
    return () => observer.disconnect();
  }, [isDone]);
  if (stage.at === "job") {
    return (
      <div className="grid gap-4">
        <JobView id={stage.job} />
        <div ref={foot} className="flex flex-wrap justify-end gap-2 border-t pt-4">
          {isDone ? (
            done
          ) : (
            <JobFoot
              id={stage.job}
              onClose={onKept}
              onRetried={(next) => flow.show({ ...stage, job: next })}
            />
          )}
        </div>
      </div>
    );
  }
  return (
    <div className="grid gap-4">
      <PlanBody stage={stage} onAgain={() => void flow.again()} />
      <div className="flex flex-wrap justify-end gap-2 border-t pt-4">
        <Button onClick={onBack}>{t("common.back")}</Button>
        {stage.at === "plan" && (
          <PlanButtons
            plan={stage.plan}
            busy={flow.busy}
            word={word}
            onKeep={() => void flow.keep(stage.plan).then((kept) => kept && onKept())}
            onApply={() => void flow.carryOut(stage.plan).then((job) => job && onBegin())}
          />
        )}
      </div>
    </div>
  );
}

import { CheckCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePending } from "@/api/queries";
import { Button } from "@/components/button";
import { Panel } from "@/components/layout";
import { Empty, ErrorNotice, SkeletonRows } from "@/components/states";
import { Badge } from "@/components/status";
import { Page } from "@/frame/page";
import { PlanBody } from "./plan-body";
import { PlanButtons } from "./plan-dialog";
import { JobFoot, JobView } from "./job-view";
import { usePlan } from "./use-plan";

/** What is recorded and not applied: the plan over all its hosts, and one apply. */
export function PendingPage() {
  const { t } = useTranslation();
  const pending = usePending();
  const [round, setRound] = useState(0);
  const [frozen, setFrozen] = useState(false);
  const names = pending.data?.hosts.map((host) => host.name) ?? [];
  return (
    <Page
      width="text"
      title={t("pending.title")}
      lead={t("pending.lead")}
      trail={[{ label: t("pending.title") }]}
    >
      {names.length > 0 && (
        <ul className="mb-3 flex flex-wrap gap-x-4 gap-y-1">
          {pending.data?.hosts.map((host) => (
            <li key={host.name} className="flex items-center gap-2">
              <span className="font-medium">{host.name}</span>
              <Badge tone="info">{t(`pending.why.${host.why}`)}</Badge>
            </li>
          ))}
        </ul>
      )}
      {pending.error && <ErrorNotice error={pending.error} onRetry={() => void pending.refetch()} />}
      {pending.isPending && <SkeletonRows rows={3} />}
      {pending.data && names.length === 0 && !frozen && (
        <Panel>
          <Empty icon={CheckCheck} title={t("pending.emptyTitle")} text={t("pending.emptyText")} />
        </Panel>
      )}
      {(names.length > 0 || frozen) && (
        <PendingPlan
          key={round}
          hosts={names}
          onBegin={() => setFrozen(true)}
          onDone={() => {
            setFrozen(false);
            setRound(round + 1);
          }}
        />
      )}
    </Page>
  );
}

function PendingPlan({
  hosts,
  onBegin,
  onDone,
}: {
  hosts: string[];
  onBegin: () => void;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const flow = usePlan({ pending: hosts });
  const { stage } = flow;
  return (
    <Panel>
      {stage.at === "job" ? (
        <JobView id={stage.job} />
      ) : (
        <PlanBody stage={stage} onAgain={() => void flow.again()} />
      )}
      <div className="mt-4 flex flex-wrap justify-end gap-2 border-t pt-4">
        {stage.at === "job" && (
          <JobFoot id={stage.job} onClose={onDone} onRetried={(job) => flow.show({ ...stage, job })} />
        )}
        {stage.at === "plan" && (
          <>
            <Button onClick={() => void flow.again()}>{t("plan.again")}</Button>
            <PlanButtons
              plan={stage.plan}
              busy={flow.busy}
              onKeep={onDone}
              onApply={() => {
                onBegin();
                void flow.carryOut(stage.plan);
              }}
            />
          </>
        )}
      </div>
    </Panel>
  );
}

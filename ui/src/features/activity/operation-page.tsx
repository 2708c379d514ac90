import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useOperation } from "@/api/queries";
import type { OperationStepView, OperationView } from "@/api/generated/types";
import { Facts, Panel } from "@/components/layout";
import { ErrorNotice, SkeletonRows } from "@/components/states";
import { Shape, Status, type Tone } from "@/components/status";
import { Ago } from "@/components/time";
import { duration, exact } from "@/lib/format";
import { Page } from "@/frame/page";
import { actionWord, operationTone } from "./words";

export function OperationPage() {
  const { t } = useTranslation();
  const { operation: id } = useParams({ from: "/activity/$operation" });
  const operation = useOperation(id);
  const title = operation.data
    ? t("activity.onHost", { action: actionWord(t, operation.data.action), host: operation.data.host })
    : t("activity.operation");
  return (
    <Page
      width="text"
      title={title}
      status={
        operation.data && (
          <Status tone={operationTone[operation.data.state]}>
            {t(`activity.state.${operation.data.state}`)}
          </Status>
        )
      }
      lead={operation.data && <Ago at={operation.data.started_at} />}
      trail={[{ label: t("nav.activity"), to: "/activity" }, { label: title }]}
    >
      {operation.error && <ErrorNotice error={operation.error} onRetry={() => void operation.refetch()} />}
      {operation.isPending && <SkeletonRows rows={8} />}
      {operation.data && <Shown operation={operation.data} />}
    </Page>
  );
}

function Shown({ operation }: { operation: OperationView }) {
  const { t, i18n } = useTranslation();
  const took = operation.ended_at === null ? null : operation.ended_at - operation.started_at;
  return (
    <div className="grid gap-4">
      {operation.error && <ErrorNotice error={operation.error} />}
      <Panel>
        <Facts
          facts={[
            [t("host.generation"), `${operation.base} → ${operation.generation}`],
            [t("activity.began"), exact(operation.started_at, i18n.language)],
            took !== null && [t("activity.took"), duration(took, i18n.language)],
            [
              t("activity.identifier"),
              <code key="i" className="text-xs break-all">
                {operation.id}
              </code>,
            ],
          ]}
        />
      </Panel>
      <Panel title={t("job.steps")}>
        <ol className="grid gap-1.5">
          {operation.steps.map((step, index) => (
            <Step key={index} step={step} />
          ))}
        </ol>
      </Panel>
    </div>
  );
}

const tones: Record<string, Tone> = { ok: "ok", failed: "bad", started: "info", waiting: "warn" };

function Step({ step }: { step: OperationStepView }) {
  const { i18n } = useTranslation();
  return (
    <li>
      <div className="flex items-center gap-2">
        <Shape tone={tones[step.state] ?? "unknown"} />
        <span className={step.state === "failed" ? "min-w-0 flex-1 text-bad" : "min-w-0 flex-1"}>
          {step.step}
        </span>
        <span className="text-xs text-muted">{duration(step.ms, i18n.language)}</span>
      </div>
      {step.message && (
        <pre
          tabIndex={0}
          className="mt-1 ml-4.5 max-h-72 overflow-auto rounded-md border bg-sunken px-2.5 py-2 text-xs whitespace-pre-wrap"
        >
          {step.message}
        </pre>
      )}
    </li>
  );
}

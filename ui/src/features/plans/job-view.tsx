import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useCancelJob, useRetryJob } from "@/api/mutations";
import { useJob } from "@/api/queries";
import type { CheckReport, Job, JobStep } from "@/api/generated/types";
import { Button } from "@/components/button";
import { ErrorNotice, Notice, Skeleton } from "@/components/states";
import { Shape, toneText, type Tone } from "@/components/status";
import { toastError } from "@/components/toast";
import { asUserError } from "@/api/errors";
import { CheckList } from "@/features/checks/check-list";
import { rollBack } from "@/features/hosts/changes";
import { useNow } from "@/lib/clock";
import { cx } from "@/lib/cx";
import { duration } from "@/lib/format";

const stepTone: Record<JobStep["state"], Tone> = { started: "info", done: "ok", failed: "bad" };

/** A job: its steps as they happen, and how it ended. */
export function JobView({ id }: { id: string }) {
  const { t } = useTranslation();
  const { job, error } = useJob(id);
  const end = useFollow(job);
  if (!job) {
    if (!error) return <Skeleton className="h-40" />;
    const gone = asUserError(error).code === "not_found";
    return gone ? <Notice tone="unknown" title={t("job.gone")} /> : <ErrorNotice error={error} />;
  }
  const hosts = [
    ...new Set([...(job.kind === "apply" ? job.about : []), ...job.steps.map((step) => step.host)]),
  ];
  return (
    <div data-job={job.id} className="grid gap-4">
      <Outcome job={job} />
      {job.result?.kind === "check" ? (
        <CheckList report={job.result.report} />
      ) : (
        hosts.map((host) => <HostSteps key={host} job={job} host={host} />)
      )}
      <div ref={end} />
    </div>
  );
}

function HostSteps({ job, host }: { job: Job; host: string }) {
  const { t, i18n } = useTranslation();
  const steps = job.steps.filter((step) => step.host === host);
  const ended = job.hosts.find((one) => one.name === host);
  return (
    <section aria-label={host} className="rounded-lg border">
      <header className="flex items-center gap-2 border-b bg-hover/60 px-3 py-2">
        <h3 className="font-semibold">{host}</h3>
        {ended && (
          <span className={cx("ml-auto text-xs", ended.error ? "text-bad" : "text-muted")}>
            {ended.error ? t("job.state.failed") : t("job.generation", { generation: ended.generation })}
            {" · "}
            {duration(ended.seconds * 1000, i18n.language)}
          </span>
        )}
      </header>
      <ol aria-live="polite" className="grid gap-1 px-3 py-2.5">
        {steps.length === 0 && <li className="text-muted">{t("job.waiting")}</li>}
        {steps.map((step) => (
          <Step key={step.number} step={step} over={job.state !== "running"} />
        ))}
      </ol>
    </section>
  );
}

function Step({ step, over }: { step: JobStep; over: boolean }) {
  const { t, i18n } = useTranslation();
  if (step.step === "") return <li className="ml-4.5 text-muted">{step.message}</li>;
  // What was lost sight of has no end of its own.
  const lost = step.state === "started" && over;
  const running = step.state === "started" && !over;
  return (
    <li>
      <div className="flex items-center gap-2">
        <Shape tone={lost ? "unknown" : stepTone[step.state]} className={running ? "animate-pulse" : ""} />
        <span className={cx("min-w-0 flex-1", step.state === "failed" && "text-bad")}>
          {step.step}
          {step.state === "failed" && <span className="sr-only"> {t("job.state.failed")}</span>}
        </span>
        <span className="text-xs text-muted">
          {running ? <Since at={step.at} /> : lost ? t("job.lost") : duration(step.ms ?? 0, i18n.language)}
        </span>
      </div>
      {step.message && step.state !== "failed" && (
        <p className="ml-4.5 text-xs break-words text-muted">{step.message}</p>
      )}
      {step.message && step.state === "failed" && (
        <pre
          tabIndex={0}
          role="group"
          aria-label={t("job.output")}
          className="mt-1 ml-4.5 max-h-60 overflow-auto rounded-md border border-bad/40 bg-sunken px-2.5 py-2 text-xs whitespace-pre-wrap"
        >
          {step.message}
        </pre>
      )}
    </li>
  );
}

function Since({ at }: { at: number }) {
  const { i18n } = useTranslation();
  const seconds = Math.round((useNow() - at) / 1000);
  return seconds >= 10 ? duration(seconds * 1000, i18n.language) : "…";
}

function Outcome({ job }: { job: Job }) {
  const { t, i18n } = useTranslation();
  if (job.state === "running") return null;
  const time = duration((job.ended_at ?? job.started_at) - job.started_at, i18n.language);
  if (job.result?.kind === "check") return <Checked report={job.result.report} time={time} />;
  if (job.state === "cancelled") return <Notice tone="off" title={t("job.cancelledLine")} />;
  if (job.state === "done") {
    const names = job.hosts.map((host) => host.name).join(", ");
    const line =
      job.kind === "check"
        ? t("job.checkDone", { time })
        : t("job.doneLine", { time, names, count: job.hosts.length });
    return (
      <p role="status" className={cx("flex items-center gap-2 font-medium", toneText.ok)}>
        <Shape tone="ok" />
        {line}
      </p>
    );
  }
  const failed = job.hosts.filter((host) => host.error);
  if (failed.length === 0) return job.error && <ErrorNotice error={job.error} />;
  return (
    <div className="grid gap-2">
      {failed.map((host) => (
        <ErrorNotice key={host.name} title={t("job.failedLine", { names: host.name })} error={host.error} />
      ))}
    </div>
  );
}

function Checked({ report, time }: { report: CheckReport; time: string }) {
  const { t } = useTranslation();
  const all = report.checks.length;
  const failing = report.checks.filter((check) => !check.ok).length;
  const tone = failing > 0 ? "bad" : "ok";
  return (
    <p role="status" className={cx("flex items-center gap-2 font-medium", toneText[tone])}>
      <Shape tone={tone} />
      {failing > 0
        ? t("check.summary", { ok: all - failing, all, count: failing })
        : t("check.summaryAll", { count: all })}
      <span className="ml-auto text-xs font-normal text-muted">{t("job.checkDone", { time })}</span>
    </p>
  );
}

interface JobFootProps {
  id: string;
  onClose: () => void;
  onRetried: (job: string) => void;
  closeWord?: string | undefined;
}

/** What can be done with a job: stop it, try again, go back, leave it running. */
export function JobFoot({ id, onClose, onRetried, closeWord }: JobFootProps) {
  const { t } = useTranslation();
  const { job } = useJob(id);
  const { cancel, retry } = useJobActions(onRetried);
  const running = job?.state === "running";
  const partly =
    job?.state === "failed" ? job.hosts.filter((host) => !host.error && host.generation > 1) : [];
  return (
    <>
      {job && running && job.kind === "apply" && !job.can_cancel && (
        <p className="min-w-40 flex-1 self-center text-xs text-muted">{t("job.cancelNo")}</p>
      )}
      {job?.can_cancel && (
        <Button busy={cancel.isPending} onClick={() => cancel.mutate(id)}>
          {t("job.cancel")}
        </Button>
      )}
      {partly.map((host) => (
        <Button key={host.name} onClick={() => rollBack(t("job.goBack", { name: host.name }), host.name)}>
          {t("job.goBack", { name: host.name })}
        </Button>
      ))}
      <Button variant={job?.can_retry ? "plain" : "primary"} onClick={onClose}>
        {running ? t("job.leave") : (closeWord ?? t("common.close"))}
      </Button>
      {job?.can_retry && (
        <Button variant="primary" busy={retry.isPending} onClick={() => retry.mutate(id)}>
          {t("job.retry")}
        </Button>
      )}
    </>
  );
}

function useJobActions(onRetried: (job: string) => void) {
  const cancel = useCancelJob();
  const retry = useRetryJob();
  return {
    cancel: { ...cancel, mutate: (id: string) => cancel.mutate(id, { onError: toastError }) },
    retry: {
      ...retry,
      mutate: (id: string) => retry.mutate(id, { onSuccess: onRetried, onError: toastError }),
    },
  };
}

/** Keeps the newest step in view while the job runs. */
function useFollow(job: Job | undefined) {
  const end = useRef<HTMLDivElement>(null);
  const steps = job?.steps.length ?? 0;
  const running = job?.state === "running";
  useEffect(() => {
    if (running && steps > 0) end.current?.scrollIntoView({ block: "nearest" });
  }, [steps, running]);
  return end;
}

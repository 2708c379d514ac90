import { useState } from "react";
import { ChevronDown, ChevronRight, FileDiff as FileIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { usePlanFiles, useSettings } from "@/api/queries";
import type { Finding, GuestPlan, PlanHost, PlanView as Plan } from "@/api/generated/types";
import { Diff } from "@/components/diff";
import { ErrorNotice, Hints, Notice, Skeleton } from "@/components/states";
import { Shape, toneText, type Tone } from "@/components/status";
import { cx } from "@/lib/cx";

const severityTone: Record<Finding["severity"], Tone> = { error: "bad", warning: "warn", note: "info" };

/** A plan in words: each host, what changes on it, what is in the way. Exact files are a click away. */
export function PlanView({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const { data: settings } = useSettings();
  const hosts = plan.hosts.filter((host) => host.kind !== "nothing");
  return (
    <div className="grid gap-3">
      {plan.guest && <GuestPlanView guest={plan.guest} />}
      {hosts.length === 0 && plan.unreached.length === 0 && !plan.guest && (
        <Notice
          tone="info"
          title={t(
            plan.changes_inventory ? "plan.onlyInventory" : plan.recorded ? "plan.nothing" : "plan.alreadySo",
          )}
        />
      )}
      {hosts.map((host) => (
        <HostPlan key={host.name} plan={plan.id} host={host} />
      ))}
      {plan.unreached.map(({ name, error }) => (
        <Notice
          key={name}
          tone="warn"
          title={
            <>
              {name}: {t("plan.unreached")}
            </>
          }
          hints={error.hints}
        >
          {error.message} {t("plan.unreachedText")}
        </Notice>
      ))}
      {hosts.length > 0 && (
        <p className="text-xs text-muted">
          {t("plan.keep")} {t("plan.safety", { seconds: settings?.rollback_after ?? 60 })}
        </p>
      )}
    </div>
  );
}

/** What is done through the API of Proxmox. */
function GuestPlanView({ guest }: { guest: GuestPlan }) {
  const { t } = useTranslation();
  const name = `${guest.vmid} ${guest.name}`.trim();
  return (
    <section aria-label={name} className="overflow-hidden rounded-lg border">
      <header className="flex flex-wrap items-baseline gap-x-2 border-b bg-hover/60 px-3 py-2">
        <h3 className="font-semibold">{name}</h3>
        <span className="truncate text-muted">
          {t(`proxmox.kinds.${guest.kind}`)} · {guest.node} · {guest.proxmox}
        </span>
        <span className="ml-auto font-mono text-xs text-muted">{guest.address}</span>
      </header>
      <ul className="grid gap-1 px-3 py-2.5">
        {guest.steps.length === 0 && <li className="text-muted">{t("proxmox.nothingThere")}</li>}
        {guest.steps.map((line) => (
          <ChangeLine key={line} line={line} />
        ))}
      </ul>
      {guest.changes.length > 0 && (
        <ul className="grid gap-2 border-t px-3 py-2.5 font-mono text-xs">
          {guest.changes.map((change) => (
            <li key={change.name} className="grid gap-0.5 break-all">
              {change.before !== null && (
                <span className="text-bad">
                  − {change.name}: {change.before}
                </span>
              )}
              {change.after !== null && (
                <span className="text-ok">
                  + {change.name}: {change.after}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {guest.notes.length > 0 && (
        <ul className="grid gap-2 border-t px-3 py-2.5">
          {guest.notes.map((note) => (
            <li key={note} className="flex gap-2">
              <Shape tone="info" className="mt-1.5" />
              <span className="min-w-0 break-words">{note}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function HostPlan({ plan, host }: { plan: string; host: PlanHost }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const lines = [
    ...(host.packages.length > 0 ? [t("plan.install", { packages: host.packages.join(", ") })] : []),
    ...host.changes,
  ];
  const Arrow = open ? ChevronDown : ChevronRight;
  return (
    <section aria-label={host.name} className="overflow-hidden rounded-lg border">
      <header className="flex flex-wrap items-baseline gap-x-2 border-b bg-hover/60 px-3 py-2">
        <h3 className="font-semibold">{host.name}</h3>
        <span className="truncate text-muted">{host.system}</span>
        <span className={cx("ml-auto text-xs", host.kind === "remove" ? "text-bad" : "text-muted")}>
          {t(`plan.kind.${host.kind}`, { base: host.base, generation: host.generation })}
        </span>
      </header>
      {host.kind === "set_up" && (
        <p className="px-3 pt-2.5 font-medium">{t("plan.lead.set_up", { name: host.name })}</p>
      )}
      <ul className="grid gap-1 px-3 py-2.5">
        {lines.map((line) => (
          <ChangeLine key={line} line={line} />
        ))}
      </ul>
      {host.findings.length > 0 && (
        <ul className="grid gap-2 border-t px-3 py-2.5">
          {host.findings.map((finding) => (
            <FindingLine key={finding.code + finding.message} finding={finding} />
          ))}
        </ul>
      )}
      {host.files.length > 0 && (
        <div className="border-t">
          <button
            type="button"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className="flex h-8 w-full items-center gap-1.5 px-3 text-left text-xs text-muted -outline-offset-2 hover:bg-hover hover:text-text"
          >
            <Arrow aria-hidden className="size-3.5" />
            {t(open ? "plan.hideFiles" : "plan.showFiles")}
            <span className="ml-auto">
              {t("plan.files", { count: host.files.length })}
              {" · "}
              <span className="text-ok">+{host.files.reduce((sum, file) => sum + file.added, 0)}</span>{" "}
              <span className="text-bad">−{host.files.reduce((sum, file) => sum + file.removed, 0)}</span>
            </span>
          </button>
          {open && <Files plan={plan} host={host.name} />}
        </div>
      )}
    </section>
  );
}

/** Sentences of the planner that take something away begin so; they get a sign of their own. */
const TAKES = /^(no longer|shut|close|disconnect|take)/;

function ChangeLine({ line }: { line: string }) {
  const takes = TAKES.test(line);
  return (
    <li className="flex gap-2">
      <span aria-hidden className={cx("w-3 shrink-0 text-center font-mono", takes ? "text-bad" : "text-ok")}>
        {takes ? "−" : "+"}
      </span>
      <span className="min-w-0 break-words">{line}</span>
    </li>
  );
}

export function FindingLine({ finding }: { finding: Finding }) {
  const { t } = useTranslation();
  const tone = severityTone[finding.severity];
  return (
    <li className="flex gap-2">
      <Shape tone={tone} className="mt-1.5" />
      <div className="min-w-0">
        <p className="break-words">
          <span className={cx("font-medium", toneText[tone])}>{t(`plan.severity.${finding.severity}`)}:</span>{" "}
          {finding.message}
        </p>
        <Hints hints={finding.hints} />
      </div>
    </li>
  );
}

function Files({ plan, host }: { plan: string; host: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = usePlanFiles(plan, host);
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="m-3 h-24" />;
  return (
    <div className="grid border-t">
      {data.map((file) => (
        <div key={file.path} className="min-w-0">
          <p className="flex items-center gap-1.5 bg-hover/60 px-3 py-1.5 font-mono text-xs">
            <FileIcon aria-hidden className="size-3.5 text-muted" />
            {file.path}
          </p>
          <Diff text={file.unified} label={t("plan.diffOf", { path: file.path })} className="max-h-80" />
        </div>
      ))}
    </div>
  );
}

/** Whether a finding forbids to apply the plan. */
export const isBlocked = (plan: Plan): boolean =>
  plan.hosts.some((host) => host.findings.some((finding) => finding.severity === "error"));

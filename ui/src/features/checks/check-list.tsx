import { useTranslation } from "react-i18next";
import type { CheckReport, ForwardCheck } from "@/api/generated/types";
import { Notice } from "@/components/states";
import { Shape } from "@/components/status";
import { CheckCard } from "./check-card";
import { Hops } from "./hops";
import { figures, verdictTone } from "./words";

/** What a check of many found: what fails first and whole, what works as a line each. */
export function CheckList({ report }: { report: CheckReport }) {
  const { t } = useTranslation();
  const failing = report.checks.filter((check) => !check.ok);
  const working = report.checks.filter((check) => check.ok);
  return (
    <div className="grid gap-3">
      {failing.map((check) => (
        <CheckCard key={check.title} check={check} />
      ))}
      {working.length === 1 && failing.length === 0
        ? working.map((check) => <CheckCard key={check.title} check={check} />)
        : working.length > 0 && (
            <section aria-label={t("check.working")} className="rounded-lg border">
              <ul>
                {working.map((check) => (
                  <Line key={check.title} check={check} />
                ))}
              </ul>
            </section>
          )}
      {report.skipped.map((skipped) => (
        <Notice key={skipped.id + skipped.why} tone="unknown" title={skipped.why} />
      ))}
    </div>
  );
}

function Line({ check }: { check: ForwardCheck }) {
  const { t } = useTranslation();
  return (
    <li className="border-b border-line/60 last:border-b-0">
      <details className="group">
        <summary className="flex min-h-9 cursor-default list-none items-center gap-2.5 px-3 py-1.5 -outline-offset-2 hover:bg-hover">
          <Shape tone={verdictTone[check.outcome.kind]} />
          <code className="min-w-0 flex-1 truncate text-xs">{check.title}</code>
          <span className="shrink-0 text-xs text-muted">
            {[t(`check.verdict.${check.outcome.kind}`), ...figures(t, check.reach)].join(" · ")}
          </span>
          <span aria-hidden className="text-muted transition-transform duration-100 group-open:rotate-90">
            ›
          </span>
        </summary>
        <div className="grid gap-3 px-3 pt-1 pb-3">
          <p>{check.verdict}</p>
          <Hops hops={check.hops} />
        </div>
      </details>
    </li>
  );
}

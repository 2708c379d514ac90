import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ForwardCheck } from "@/api/generated/types";
import { Hints } from "@/components/states";
import { Shape } from "@/components/status";
import { Ago } from "@/components/time";
import { Hops } from "./hops";
import { figures, verdictTone } from "./words";

interface CheckCardProps {
  check: ForwardCheck;
  /** When, milliseconds since 1970; left out while it is the newest there is. */
  at?: number;
  actions?: ReactNode;
}

/** What a check found: the verdict in a sentence, the row of hops, what to do. */
export function CheckCard({ check, at, actions }: CheckCardProps) {
  const { t } = useTranslation();
  const measured = figures(t, check.reach);
  return (
    <section aria-label={check.title} className="rounded-lg border">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b bg-hover/60 px-3 py-2">
        <h3 className="font-mono text-xs font-medium break-all">{check.title}</h3>
        <span className="ml-auto text-xs text-muted">
          {measured.join(" · ")}
          {at !== undefined && (
            <>
              {measured.length > 0 && " · "}
              {t("check.checked")} <Ago at={at} />
            </>
          )}
        </span>
      </header>
      <div className="grid gap-3 p-3">
        <div className="flex gap-2">
          <Shape tone={verdictTone[check.outcome.kind]} className="mt-1.5" />
          <div className="min-w-0">
            <p className="font-medium break-words">{check.verdict}</p>
            {!check.ok && <Hints hints={check.hints} />}
          </div>
        </div>
        <Hops hops={check.hops} />
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
    </section>
  );
}

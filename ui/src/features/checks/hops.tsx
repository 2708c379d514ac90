import { useState } from "react";
import { Monitor } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { HopCheck, HopState } from "@/api/generated/types";
import { Shape, toneText } from "@/components/status";
import { cx } from "@/lib/cx";
import { hopTone } from "./words";

const wire: Record<HopState, string> = {
  proved: "bg-ok",
  failed: "bg-bad",
  unknown: "bg-[repeating-linear-gradient(90deg,var(--line-strong)_0_4px,transparent_4px_8px)]",
  not_reached: "bg-[repeating-linear-gradient(90deg,var(--line-strong)_0_4px,transparent_4px_8px)]",
};

const ring: Record<HopState, string> = {
  proved: "border-ok/60",
  failed: "border-bad",
  unknown: "border-line-strong border-dashed",
  not_reached: "border-line border-dashed",
};

/** The way of a packet as a row of hops, each ticked as it is proved; what is chosen says why. */
export function Hops({ hops }: { hops: HopCheck[] }) {
  const { t } = useTranslation();
  const failed = hops.findIndex((hop) => hop.state === "failed");
  const [chosen, setChosen] = useState<number | null>(null);
  const shown = chosen ?? (failed >= 0 ? failed : hops.length - 1);
  const hop = hops[shown];
  return (
    <div className="@container">
      <ol
        aria-label={t("check.hops")}
        className="flex flex-col gap-1 @2xl:flex-row @2xl:items-start @2xl:gap-0"
      >
        <li className="flex items-center gap-2 @2xl:flex-col @2xl:gap-1">
          <span className="grid size-7 place-items-center rounded-full border border-line-strong text-muted">
            <Monitor aria-hidden className="size-3.5" />
          </span>
          <span className="text-xs whitespace-nowrap text-muted">{t("check.start")}</span>
        </li>
        {hops.map((one, index) => (
          <li key={one.hop} className="flex min-w-0 flex-1 @2xl:items-start">
            <span
              aria-hidden
              className={cx("mt-3.25 hidden h-0.5 min-w-3 flex-1 @2xl:block", wire[one.state])}
            />
            <button
              type="button"
              aria-pressed={index === shown}
              onClick={() => setChosen(index)}
              className="group flex items-center gap-2 rounded-md @2xl:flex-col @2xl:gap-1"
            >
              <span
                className={cx(
                  "grid size-7 place-items-center rounded-full border bg-surface group-hover:bg-raised",
                  ring[one.state],
                  index === shown && "outline-2 outline-offset-1 outline-accent/60",
                )}
              >
                <Shape tone={hopTone[one.state]} />
              </span>
              <span
                className={cx(
                  "text-xs whitespace-nowrap",
                  one.state === "failed" ? "text-bad" : index === shown ? "text-text" : "text-muted",
                )}
              >
                {t(`check.hop.${one.hop}`)}
                <span className="sr-only">: {t(`check.state.${one.state}`)}</span>
              </span>
            </button>
            <span
              aria-hidden
              className={cx(
                "mt-3.25 hidden h-0.5 min-w-3 flex-1 @2xl:block",
                index < hops.length - 1 ? wire[hops[index + 1]?.state ?? "unknown"] : "invisible",
              )}
            />
          </li>
        ))}
      </ol>
      {hop && (
        <p aria-live="polite" className="mt-2 min-h-5 text-muted">
          <span className={cx("font-medium", toneText[hopTone[hop.state]])}>
            {t(`check.hop.${hop.hop}`)}, {t(`check.state.${hop.state}`)}
          </span>
          {hop.why && <>: {hop.why}</>}
        </p>
      )}
    </div>
  );
}

import { useState } from "react";
import { Monitor } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { HopCheck, HopState } from "@/api/generated/types";
import { Shape, toneText } from "@/components/status";
import { cx } from "@/lib/cx";
import { hopTone } from "./words";

/** The wire that leads to a hop: whole as far as the packet came. */
const wire: Record<HopState, string> = {
  proved: "border-solid border-ok",
  failed: "border-solid border-bad",
  unknown: "border-dashed border-line-strong",
  not_reached: "border-dashed border-line-strong",
};

const ring: Record<HopState, string> = {
  proved: "border-ok/60",
  failed: "border-bad",
  unknown: "border-dashed border-line-strong",
  not_reached: "border-dashed border-line",
};

const circle = "grid size-7 shrink-0 place-items-center rounded-full border bg-surface";

/** The way of a packet as a row of hops, each ticked as it is proved; a column with the reasons where it is narrow. */
export function Hops({ hops }: { hops: HopCheck[] }) {
  return (
    <div className="@container">
      <div className="hidden @2xl:block">
        <Row hops={hops} />
      </div>
      <div className="@2xl:hidden">
        <Column hops={hops} />
      </div>
    </div>
  );
}

function Row({ hops }: { hops: HopCheck[] }) {
  const { t } = useTranslation();
  const failed = hops.findIndex((hop) => hop.state === "failed");
  const [chosen, setChosen] = useState<number | null>(null);
  const shown = chosen ?? (failed >= 0 ? failed : hops.length - 1);
  const hop = hops[shown];
  return (
    <>
      <ol aria-label={t("check.hops")} className="flex">
        <li className="flex flex-1 flex-col items-center gap-1">
          <span className={cx(circle, "border-line-strong text-muted")}>
            <Monitor aria-hidden className="size-3.5" />
          </span>
          <span className="text-center text-xs text-muted">{t("check.start")}</span>
        </li>
        {hops.map((one, index) => (
          <li key={one.hop} className="relative flex min-w-0 flex-1 justify-center">
            <span
              aria-hidden
              className={cx(
                "absolute top-3.25 right-[calc(50%+1.125rem)] left-[calc(-50%+1.125rem)] border-t-2",
                wire[one.state],
              )}
            />
            <button
              type="button"
              aria-pressed={index === shown}
              onClick={() => setChosen(index)}
              className="group flex min-w-0 flex-col items-center gap-1 rounded-md px-1"
            >
              <span
                className={cx(
                  circle,
                  "group-hover:bg-hover",
                  ring[one.state],
                  index === shown && "bg-hover ring-2 ring-accent/50",
                )}
              >
                <Shape tone={hopTone[one.state]} />
              </span>
              <span
                className={cx(
                  "text-center text-xs",
                  one.state === "failed" ? "text-bad" : index === shown ? "text-text" : "text-muted",
                )}
              >
                {t(`check.hop.${one.hop}`)}
                <span className="sr-only">: {t(`check.state.${one.state}`)}</span>
              </span>
            </button>
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
    </>
  );
}

function Column({ hops }: { hops: HopCheck[] }) {
  const { t } = useTranslation();
  return (
    <ol aria-label={t("check.hops")}>
      <li className="flex items-center gap-2.5">
        <span className={cx(circle, "border-line-strong text-muted")}>
          <Monitor aria-hidden className="size-3.5" />
        </span>
        <span className="text-muted">{t("check.start")}</span>
      </li>
      {hops.map((hop) => (
        <li key={hop.hop} className="relative flex gap-2.5 pt-3">
          <span aria-hidden className={cx("absolute top-0 left-3.25 h-3 border-l-2", wire[hop.state])} />
          <span className={cx(circle, ring[hop.state])}>
            <Shape tone={hopTone[hop.state]} />
          </span>
          <span className="min-w-0 pt-1">
            <span
              className={cx(
                "font-medium",
                hop.state === "failed" && "text-bad",
                hop.state === "not_reached" && "font-normal text-muted",
              )}
            >
              {t(`check.hop.${hop.hop}`)}
            </span>
            <span className={hop.state === "failed" ? "text-bad" : "sr-only"}>
              {" "}
              · {t(`check.state.${hop.state}`)}
            </span>
            {hop.why && <span className="block text-xs text-muted">{hop.why}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}

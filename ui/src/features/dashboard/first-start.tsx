import { Link } from "@tanstack/react-router";
import { ArrowRight, Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSetSettings, useSettings } from "@/api/queries";
import { Button, buttonClass } from "@/components/button";
import { cx } from "@/lib/cx";

interface FirstStartProps {
  vpses: number;
  peers: number;
  forwards: number;
}

const STEPS = [
  { key: "vps", to: "/vpses/add" },
  { key: "peer", to: "/peers/add" },
  { key: "port", to: "/forwards" },
] as const;

/** Three things in order, the next one lit, joined by the wire that they make. */
export function FirstStart({ vpses, peers, forwards }: FirstStartProps) {
  const { t } = useTranslation();
  const { data: settings } = useSettings();
  const set = useSetSettings();
  const done = [vpses > 0, peers > 0, forwards > 0];
  const next = done.indexOf(false);
  return (
    <div className="mx-auto mt-6 w-full max-w-260">
      <ol className="grid gap-4 md:grid-cols-3 md:gap-0">
        {STEPS.map((step, index) => {
          const here = index === next;
          return (
            <li key={step.key} aria-current={here ? "step" : undefined} className="relative">
              <div aria-hidden className="mb-4 hidden items-center md:flex">
                <span
                  className={cx(
                    "h-0.5 flex-1",
                    index === 0 ? "invisible" : done[index - 1] ? "bg-ok" : "bg-line",
                  )}
                />
                <span
                  className={cx(
                    "grid size-9 place-items-center rounded-full border-2 text-base font-semibold",
                    done[index] && "border-ok text-ok",
                    here && "border-accent bg-accent text-on-accent",
                    !done[index] && !here && "border-line-strong text-muted",
                  )}
                >
                  {done[index] ? <Check className="size-4" strokeWidth={3} /> : index + 1}
                </span>
                <span
                  className={cx(
                    "h-0.5 flex-1",
                    index === 2 ? "invisible" : done[index] ? "bg-ok" : "bg-line",
                  )}
                />
              </div>
              <div
                className={cx(
                  "flex flex-col rounded-lg border bg-surface p-5 md:mx-2 md:h-[calc(100%-3.25rem)]",
                  here && "border-accent",
                )}
              >
                <h2 className="text-lg font-semibold">
                  <span className="md:hidden">{index + 1}. </span>
                  {t(`first.${step.key}.title`)}
                  {done[index] && <span className="sr-only"> ({t("common.stepDone")})</span>}
                </h2>
                <p className="mt-1.5 mb-5 flex-1 text-muted">{t(`first.${step.key}.text`)}</p>
                {here ? (
                  <Link
                    to={step.to}
                    search={step.key === "port" ? { open: "new" } : {}}
                    className={cx(buttonClass("primary"), "self-start")}
                  >
                    {t(`first.${step.key}.action`)}
                    <ArrowRight aria-hidden className="size-4" />
                  </Link>
                ) : (
                  <p className="flex h-8 items-center text-xs text-muted">
                    {t(done[index] ? "first.done" : "first.later")}
                  </p>
                )}
              </div>
            </li>
          );
        })}
      </ol>
      <div className="mt-8 flex flex-wrap items-center justify-center gap-x-6 gap-y-2 text-muted">
        <Link to="/help" className="text-accent hover:underline">
          {t("first.rent")}
        </Link>
        <Button variant="ghost" onClick={() => settings && set.mutate({ ...settings, welcomed: true })}>
          {t("first.skip")}
        </Button>
      </div>
    </div>
  );
}

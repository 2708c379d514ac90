import { Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { cx } from "@/lib/cx";

interface StepperProps {
  label: string;
  steps: string[];
  /** The one at hand; those before it are done. */
  current: number;
  /** Goes back to a step that is done. */
  onGo?: ((step: number) => void) | undefined;
}

/** Where one is in a way with an order. */
export function Stepper({ label, steps, current, onGo }: StepperProps) {
  const { t } = useTranslation();
  return (
    <ol aria-label={label} className="flex flex-wrap items-center gap-x-2 gap-y-1">
      {steps.map((step, index) => {
        const done = index < current;
        const here = index === current;
        const mark = (
          <span
            aria-hidden
            className={cx(
              "grid size-5 shrink-0 place-items-center rounded-full border text-xs",
              done && "border-ok text-ok",
              here && "border-accent bg-accent font-semibold text-on-accent",
              !done && !here && "border-line-strong text-muted",
            )}
          >
            {done ? <Check className="size-3" strokeWidth={3} /> : index + 1}
          </span>
        );
        const words = <span className={here ? "font-medium" : "text-muted"}>{step}</span>;
        return (
          <li key={step} aria-current={here ? "step" : undefined} className="flex items-center gap-2">
            {index > 0 && (
              <span aria-hidden className={cx("h-px w-5", done || here ? "bg-ok/60" : "bg-line-strong")} />
            )}
            {done && onGo ? (
              <button
                type="button"
                onClick={() => onGo(index)}
                className="flex items-center gap-2 rounded-sm hover:underline"
              >
                {mark}
                {words}
                <span className="sr-only">{t("common.stepDone")}</span>
              </button>
            ) : (
              <>
                {mark}
                {words}
              </>
            )}
          </li>
        );
      })}
    </ol>
  );
}

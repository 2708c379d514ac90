import { useId, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Square } from "./marks";

export interface FieldControl {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean | undefined;
  required?: boolean | undefined;
}

interface FieldProps {
  label: ReactNode;
  /** What is right here, before anything is wrong. */
  hint?: ReactNode;
  /** What is wrong and what would be right. */
  error?: ReactNode;
  optional?: boolean | undefined;
  className?: string | undefined;
  children: (control: FieldControl) => ReactNode;
}

/** A labelled control with its help and its mistake, joined for screen readers. */
export function Field({ label, hint, error, optional, className, children }: FieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const below = error ?? hint;
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 flex items-baseline justify-between gap-2 font-medium">
        {label}
        {optional && <span className="text-xs font-normal text-muted">{t("common.optional")}</span>}
      </label>
      {children({
        id,
        "aria-describedby": below ? `${id}-below` : undefined,
        "aria-invalid": !!error || undefined,
      })}
      {below && (
        <p
          id={`${id}-below`}
          role={error ? "alert" : undefined}
          className={error ? "mt-1 flex gap-1.5 text-xs text-bad" : "mt-1 text-xs text-muted"}
        >
          {error && <Square className="mt-1 size-2 shrink-0" />}
          <span>{below}</span>
        </p>
      )}
    </div>
  );
}

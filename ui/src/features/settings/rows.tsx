import { useEffect, useId, useState, type ReactNode } from "react";
import { Input } from "@/components/input";

export function Rows({ children }: { children: ReactNode }) {
  return <div className="divide-y divide-line/70 rounded-lg border bg-surface">{children}</div>;
}

interface RowProps {
  title: string;
  text?: ReactNode;
  error?: ReactNode;
  children: ReactNode;
}

/** One setting: what it is at the left, its control at the right. */
export function Row({ title, text, error, children }: RowProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-2 px-4 py-3">
      <div className="min-w-50 flex-1">
        <p className="font-medium">{title}</p>
        {text && <p className="text-xs text-muted">{text}</p>}
        {error && (
          <p role="alert" className="text-xs text-bad">
            {error}
          </p>
        )}
      </div>
      <div className="shrink-0">{children}</div>
    </div>
  );
}

interface TextRowProps {
  title: string;
  text?: string;
  value: string;
  placeholder?: string;
  numeric?: boolean;
  unit?: string;
  /** What is wrong with it, if something is. */
  check?: (value: string) => string | undefined;
  onSave: (value: string) => void;
}

/** A setting that is typed: saved when it is left or with Enter, if it is right. */
export function TextRow({ title, text, value, placeholder, numeric, unit, check, onSave }: TextRowProps) {
  const [typed, setTyped] = useState(value);
  const id = useId();
  useEffect(() => setTyped(value), [value]);
  const wrong = typed === value ? undefined : check?.(typed);
  const save = () => typed !== value && !wrong && onSave(typed.trim());
  return (
    <Row title={title} text={text} error={wrong}>
      <span className="flex items-center gap-2">
        <Input
          id={id}
          mono
          aria-label={title}
          aria-invalid={wrong ? true : undefined}
          inputMode={numeric ? "numeric" : undefined}
          value={typed}
          placeholder={placeholder}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={save}
          onKeyDown={(event) => event.key === "Enter" && save()}
          className={numeric ? "w-24 text-right" : "w-44"}
        />
        {unit && <span className="w-6 text-muted">{unit}</span>}
      </span>
    </Row>
  );
}

/** Checks a whole number between two others, both included. */
export const between =
  (least: number, most: number, say: (least: number, most: number) => string) =>
  (value: string): string | undefined => {
    const number = Number(value);
    return /^\d+$/.test(value.trim()) && number >= least && number <= most ? undefined : say(least, most);
  };

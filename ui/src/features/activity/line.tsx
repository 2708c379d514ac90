import { useState } from "react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ActivityRow } from "@/api/generated/types";
import { Dialog } from "@/components/dialog";
import { Badge, Shape, toneText } from "@/components/status";
import { Ago } from "@/components/time";
import { cx } from "@/lib/cx";
import { actionWord, rowTone } from "./words";

const place = "flex h-full w-full items-center gap-3 px-4 text-left -outline-offset-2 hover:bg-hover";

/** One entry; an operation leads to its steps, a change shows what it was and became. */
export function ActivityLine({ row }: { row: ActivityRow }) {
  const [open, setOpen] = useState(false);
  if (row.operation) {
    return (
      <Link to="/activity/$operation" params={{ operation: row.operation }} className={place}>
        <Body row={row} />
      </Link>
    );
  }
  return (
    <>
      <button type="button" onClick={() => setOpen(true)} className={place}>
        <Body row={row} />
      </button>
      {open && <ChangeDialog row={row} onClose={() => setOpen(false)} />}
    </>
  );
}

function Body({ row }: { row: ActivityRow }) {
  const { t } = useTranslation();
  const tone = rowTone(row);
  return (
    <>
      <Shape tone={tone} />
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2">
          <span className="truncate font-medium">{row.object}</span>
          <span className="truncate text-muted">{row.what}</span>
        </span>
        <span className="block truncate text-xs text-muted">
          {row.state && (
            <span className={cx(tone !== "ok" && toneText[tone])}>
              {t(`activity.state.${row.state}`)}
              {row.error && ": "}
            </span>
          )}
          {row.error ?? (row.state ? "" : row.who)}
        </span>
      </span>
      <span className="hidden shrink-0 md:block">
        <Badge>{actionWord(t, row.action)}</Badge>
      </span>
      <Ago at={row.at} className="w-24 shrink-0 text-right text-xs text-muted" />
    </>
  );
}

const pretty = (json: string | null): string => {
  if (json === null) return "";
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
};

function ChangeDialog({ row, onClose }: { row: ActivityRow; onClose: () => void }) {
  const { t } = useTranslation();
  const sides = [
    [t("activity.before"), pretty(row.before)],
    [t("activity.after"), pretty(row.after)],
  ] as const;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${row.object} ${row.what}`}
      description={`${row.who} · ${actionWord(t, row.action)}`}
      width="lg"
    >
      <div className="grid gap-4 md:grid-cols-2">
        {sides.map(([label, text]) => (
          <div key={label} className="min-w-0">
            <h3 className="mb-1 text-xs text-muted">{label}</h3>
            <pre
              tabIndex={0}
              role="group"
              aria-label={label}
              className="max-h-80 overflow-auto rounded-md border bg-sunken p-2.5 text-xs"
            >
              {text || t("common.none")}
            </pre>
          </div>
        ))}
      </div>
    </Dialog>
  );
}

import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ForwardRow } from "@/api/generated/types";
import { Button } from "@/components/button";
import { DataTable, NONE, type Selection } from "@/components/table/table";
import { readSort, writeSort } from "@/components/table/sort";
import { useForwardHealth } from "@/features/checks/use-forward-health";
import { useRunCheck } from "@/features/checks/use-run-check";
import { useNowOf } from "@/features/traffic/rates";
import { removeForwards, setForwardsEnabled } from "./changes";
import { forwardColumns } from "./columns";

const USUAL = "public";

interface ForwardTableProps {
  rows: ForwardRow[];
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  onOpen: (forward: ForwardRow) => void;
  /** Columns that say nothing here. */
  without?: string[];
}

/** The same forwards as rows, for many at once. */
export function ForwardTable({ rows, sort, onSort, onOpen, without = [] }: ForwardTableProps) {
  const { t } = useTranslation();
  const check = useRunCheck();
  const [selection, setSelection] = useState<Selection>(NONE);
  const health = useForwardHealth();
  const hidden = without.join(" ");
  const now = useNowOf();
  const columns = useMemo(
    () => forwardColumns(t, health, now).filter((one) => !hidden.split(" ").includes(one.id)),
    [t, hidden, health, now],
  );
  const chosen = selection.size === 0 ? [] : rows.filter((row) => selection.has(row.id));
  const clear = () => setSelection(NONE);
  return (
    <>
      {chosen.length > 0 && (
        <div
          role="toolbar"
          aria-label={t("table.selected", { count: chosen.length })}
          className="mb-2 flex flex-wrap items-center gap-2 rounded-lg border border-accent/50 px-3 py-1.5 tint-accent"
        >
          <span className="mr-auto font-medium">{t("table.selected", { count: chosen.length })}</span>
          <Button onClick={() => check.run(chosen.map((one) => one.id))}>{t("check.check")}</Button>
          <Button onClick={() => setForwardsEnabled(t, chosen, true, clear)}>{t("forwards.enable")}</Button>
          <Button onClick={() => setForwardsEnabled(t, chosen, false, clear)}>{t("forwards.disable")}</Button>
          <Button variant="danger" onClick={() => removeForwards(t, chosen, clear)}>
            {t("forwards.remove", { count: chosen.length })}
          </Button>
          <Button variant="ghost" onClick={clear}>
            {t("table.clearSelection")}
          </Button>
        </div>
      )}
      <DataTable
        label={t("nav.forwards")}
        rows={rows}
        columns={columns}
        rowId={(row) => row.id}
        rowName={(row) => row.label || `${row.public_ip}:${row.ports}`}
        onOpen={onOpen}
        sorting={readSort(sort, USUAL)}
        onSort={(next) => onSort(writeSort(next, USUAL))}
        selection={selection}
        onSelect={setSelection}
        nothing={t("table.nothing")}
      />
    </>
  );
}

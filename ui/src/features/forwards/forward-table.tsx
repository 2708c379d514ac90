import { useMemo, useState } from "react";
import type { RowSelectionState } from "@tanstack/react-table";
import { useTranslation } from "react-i18next";
import { useNavigate } from "@tanstack/react-router";
import { useCheck } from "@/api/mutations";
import type { ForwardRow } from "@/api/generated/types";
import { asUserError } from "@/api/errors";
import { Button } from "@/components/button";
import { DataTable } from "@/components/table/table";
import { readSort, writeSort } from "@/components/table/sort";
import { toast } from "@/components/toast";
import { removeForwards, setForwardsEnabled } from "./changes";
import { forwardColumns, type ForwardLine } from "./columns";

const USUAL = "public";

interface ForwardTableProps {
  lines: ForwardLine[];
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  onOpen: (forward: ForwardRow) => void;
  /** Columns that say nothing here. */
  without?: string[];
}

/** The same forwards as rows, for many at once. */
export function ForwardTable({ lines, sort, onSort, onOpen, without = [] }: ForwardTableProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const check = useCheck();
  const [selection, setSelection] = useState<RowSelectionState>({});
  const hidden = without.join(" ");
  const columns = useMemo(
    () => forwardColumns(t).filter((one) => !hidden.split(" ").includes(one.def.id ?? "")),
    [t, hidden],
  );
  const chosen = lines.filter((line) => selection[line.row.id]).map((line) => line.row);
  const clear = () => setSelection({});
  return (
    <>
      {chosen.length > 0 && (
        <div
          role="toolbar"
          aria-label={t("table.selected", { count: chosen.length })}
          className="mb-2 flex flex-wrap items-center gap-2 rounded-lg border border-accent/50 px-3 py-1.5 tint-accent"
        >
          <span className="mr-auto font-medium">{t("table.selected", { count: chosen.length })}</span>
          <Button
            onClick={() =>
              check.mutate(
                chosen.map((one) => one.id),
                {
                  onSuccess: (id) => void navigate({ to: "/jobs/$id", params: { id } }),
                  onError: (error) => toast("bad", asUserError(error).message),
                },
              )
            }
          >
            {t("check.check")}
          </Button>
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
        rows={lines}
        columns={columns}
        rowId={(line) => line.row.id}
        rowName={(line) => line.row.label || `${line.row.public_ip}:${line.row.ports}`}
        onOpen={(line) => onOpen(line.row)}
        sorting={readSort(sort, USUAL)}
        onSort={(next) => onSort(writeSort(next, USUAL))}
        selection={selection}
        onSelect={setSelection}
        nothing={t("table.nothing")}
      />
    </>
  );
}

import { useExportCsv } from "@/api/mutations";
import type { Export } from "@/api/generated/types";
import { useToldSaved } from "@/components/toast";

/** Saves a table, or what of it is named, where the person says. */
export function useExport() {
  const { mutate, isPending } = useExportCsv();
  const told = useToldSaved();
  return { save: (what: Export) => mutate(what, told), busy: isPending };
}

/** Identifiers of rows that a filter left; none where there is no filter, which means all. */
export const only = <I>(filtered: boolean, rows: { id: I }[]): I[] | null =>
  filtered ? rows.map((row) => row.id) : null;

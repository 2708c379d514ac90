import { useExportCsv } from "@/api/mutations";
import type { TableName } from "@/api/generated/types";
import { useToldSaved } from "@/components/toast";

/** Saves a table where the person says. */
export function useExport() {
  const { mutate, isPending } = useExportCsv();
  const told = useToldSaved();
  return { save: (table: TableName) => mutate(table, told), busy: isPending };
}

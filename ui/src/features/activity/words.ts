import type { ActivityRow, OperationState } from "@/api/generated/types";
import type { Tone } from "@/components/status";

export const operationTone: Record<OperationState, Tone> = {
  running: "info",
  waiting: "info",
  succeeded: "ok",
  failed: "bad",
  rolled_back: "warn",
};

/** How an entry is marked; a change of the inventory is only worth knowing. */
export const rowTone = (row: ActivityRow): Tone => (row.state ? operationTone[row.state] : "off");

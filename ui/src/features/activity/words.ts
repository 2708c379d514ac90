import i18next, { type TFunction } from "i18next";
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

/** What was done, in words; the program's own name of it where there are none. */
export function actionWord(t: TFunction, action: string): string {
  const key = `activity.action.${action.replace(/[.-]/g, "_")}`;
  return i18next.exists(key) ? t(key as "activity.action.apply") : action;
}

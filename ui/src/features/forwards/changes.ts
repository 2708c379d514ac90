import type { TFunction } from "i18next";
import type { Change, ForwardRow } from "@/api/generated/types";
import { toast } from "@/components/toast";
import { openPlan } from "@/features/plans/plan-dialog";
import { draftOf, forwardName } from "./words";

const what = (t: TFunction, forwards: ForwardRow[]): string =>
  forwards.length === 1 && forwards[0]
    ? forwardName(t, forwards[0])
    : t("forwards.many", { count: forwards.length });

export function setForwardsEnabled(
  t: TFunction,
  forwards: ForwardRow[],
  enabled: boolean,
  onApplied?: () => void,
): void {
  const title = (on: boolean, of: ForwardRow[]) =>
    t(on ? "forwards.enableTitle" : "forwards.disableTitle", { what: what(t, of) });
  const change = (on: boolean, of: ForwardRow[]): Change => ({
    change: "forward_set_enabled",
    ids: of.map((one) => one.id),
    enabled: on,
  });
  // Those that were so already stay so.
  const turned = forwards.filter((one) => (one.state === "off") === enabled);
  openPlan({
    title: title(enabled, forwards),
    source: { change: change(enabled, forwards) },
    onApplied,
    undo:
      turned.length > 0 ? { title: title(!enabled, turned), change: change(!enabled, turned) } : undefined,
  });
}

/** Closes forwards; a single one can be opened again by a click. */
export function removeForwards(t: TFunction, forwards: ForwardRow[], onApplied?: () => void): void {
  const [first, second] = forwards;
  openPlan({
    title: t("forwards.removeTitle", { what: what(t, forwards) }),
    danger: true,
    source: { change: { change: "forward_remove", ids: forwards.map((one) => one.id) } },
    onApplied,
    afterwards: () => {
      if (!first || second) return;
      toast("info", t("forwards.removed", { what: forwardName(t, first) }), {
        label: t("forwards.undo"),
        run: () =>
          openPlan({
            title: t("forwards.undoTitle", { what: forwardName(t, first) }),
            source: {
              change: { change: "forward_add", draft: draftOf(first), enabled: first.state !== "off" },
            },
          }),
      });
    },
  });
}

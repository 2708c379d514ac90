import type { TFunction } from "i18next";
import type { AlertRule, Condition } from "@/api/generated/types";

export type When = Condition["when"];

/** What a rule can be about, in the order in which it is offered. */
export const WHENS: When[] = [
  "peer_disconnected",
  "host_offline",
  "forward_failing",
  "drift",
  "key_changed",
  "updates_waiting",
  "disk",
  "memory",
  "cpu",
  "bandwidth",
  "quota",
];

const USUAL: Partial<Record<When, number>> = { quota: 80, disk: 90, memory: 90, cpu: 90, bandwidth: 100 };

/** The condition of this kind with a limit; kinds without one take none. */
export function condition(when: When, limit: number | undefined): Condition {
  switch (when) {
    case "bandwidth":
      return { when, above: limit ?? 100 };
    case "quota":
    case "disk":
    case "memory":
    case "cpu":
      return { when, percent: limit ?? USUAL[when] ?? 90 };
    case "peer_disconnected":
    case "host_offline":
    case "forward_failing":
    case "drift":
    case "key_changed":
    case "updates_waiting":
      return { when };
  }
}

export const usualLimit = (when: When): number | undefined => USUAL[when];

export function limitOf(of: Condition): number | undefined {
  if ("percent" in of) return of.percent;
  return "above" in of ? of.above : undefined;
}

/** What must hold, with its limit. */
export function conditionText(t: TFunction, of: Condition): string {
  return t(`alertRules.when.${of.when}`, { limit: limitOf(of) });
}

/** Seconds in words: the largest unit that divides them. */
export function lengthText(t: TFunction, seconds: number): string {
  if (seconds === 0) return t("alertRules.atOnce");
  for (const [unit, size] of [
    ["days", 86_400],
    ["hours", 3600],
    ["minutes", 60],
  ] as const)
    if (seconds % size === 0) return t(`alertRules.${unit}`, { count: seconds / size });
  return t("alertRules.seconds", { count: seconds });
}

/** What a rule does, in a sentence. */
export function ruleText(t: TFunction, rule: AlertRule): string {
  const what = conditionText(t, rule.condition);
  return rule.for_seconds === 0
    ? t("alertRules.saysAtOnce", { what })
    : t("alertRules.says", { what, length: lengthText(t, rule.for_seconds) });
}

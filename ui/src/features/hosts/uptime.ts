import type { TFunction } from "i18next";

/** Seconds since a host started, in its largest unit; a dash if it did not tell. */
export function uptime(t: TFunction, seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds >= 2 * 86_400) return t("host.days", { count: Math.floor(seconds / 86_400) });
  if (seconds >= 2 * 3600) return t("host.hours", { count: Math.floor(seconds / 3600) });
  return t("host.minutes", { count: Math.floor(seconds / 60) });
}

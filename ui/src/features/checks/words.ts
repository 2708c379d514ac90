import type { TFunction } from "i18next";
import type { ForwardCheck, HopState, Reach, Verdict } from "@/api/generated/types";
import type { Tone } from "@/components/status";

export const hopTone: Record<HopState, Tone> = {
  proved: "ok",
  failed: "bad",
  unknown: "unknown",
  not_reached: "off",
};

export const verdictTone: Record<Verdict["kind"], Tone> = {
  works: "ok",
  delivered: "ok",
  fails: "bad",
  undecided: "warn",
};

/** In a word or two: `works`, `fails at tunnel`. */
export function verdictWord(t: TFunction, outcome: Verdict): string {
  return outcome.kind === "fails"
    ? t("check.failsAt", { hop: t(`check.hop.${outcome.hop}`) })
    : t(`check.verdict.${outcome.kind}`);
}

/** What the try gave, as figures: `2 of 20 players`, `41 ms`. */
export function figures(t: TFunction, reach: Reach): string[] {
  const found: string[] = [];
  if (reach.kind === "answered" && reach.details.kind === "game" && reach.details.players) {
    const [now, most] = reach.details.players;
    found.push(t("check.players", { now, most }));
  }
  if (reach.kind === "answered" || reach.kind === "connected") found.push(`${reach.round_trip_ms} ms`);
  return found;
}

/** The worst of several parts of a forward stands for it. */
export function worst(checks: ForwardCheck[]): ForwardCheck | undefined {
  const rank: Record<Verdict["kind"], number> = { fails: 0, undecided: 1, delivered: 2, works: 3 };
  return [...checks].sort((a, b) => rank[a.outcome.kind] - rank[b.outcome.kind])[0];
}

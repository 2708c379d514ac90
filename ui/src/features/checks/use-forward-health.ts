import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useChecks, useLive } from "@/api/queries";
import type { CheckResult, ForwardRow } from "@/api/generated/types";
import type { Tone } from "@/components/status";
import { tunnelsByPeer } from "@/features/hosts/health";
import { verdictTone, verdictWord, worst } from "./words";

export interface ForwardHealth {
  tone: Tone;
  word: string;
  /** Why, or figures. */
  detail: string;
  /** When it was checked; none if it was not. */
  at: number | null;
}

/** How a forward stands: switched off, checked, or by its tunnel where nobody has checked it. */
export function useForwardHealth(): (forward: ForwardRow) => ForwardHealth {
  const { t } = useTranslation();
  const { data: checks } = useChecks();
  const { data: live } = useLive();
  return useMemo(() => {
    const byForward = new Map<string, CheckResult[]>();
    for (const one of checks ?? []) byForward.set(one.forward, [...(byForward.get(one.forward) ?? []), one]);
    const tunnels = tunnelsByPeer(live);
    return (forward) => {
      if (forward.state !== "on") {
        return { tone: "off", word: t(`forward.state.${forward.state}`), detail: "", at: null };
      }
      const results = byForward.get(forward.id) ?? [];
      const check = worst(results.map((one) => one.check));
      const at = Math.max(0, ...results.map((one) => one.at));
      if (check && check.outcome.kind !== "undecided") {
        return {
          tone: verdictTone[check.outcome.kind],
          word: verdictWord(t, check.outcome),
          detail: check.verdict,
          at,
        };
      }
      const tunnel = tunnels.get(forward.peer_name);
      if (tunnel && !tunnel.up)
        return { tone: "bad", word: t("forward.tunnelDown"), detail: tunnel.why, at: null };
      return { tone: "unknown", word: t("check.notChecked"), detail: "", at: null };
    };
  }, [t, checks, live]);
}

import { useMemo } from "react";
import i18next, { type TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { useChecks, useLive } from "@/api/queries";
import type { CheckResult, ForwardRow, HostLive } from "@/api/generated/types";
import type { Tone } from "@/components/status";
import { tunnelsByPeer } from "@/features/hosts/health";
import { groupBy } from "@/lib/group";
import { keepLast } from "@/lib/memo";
import { verdictTone, verdictWord, worst } from "./words";

export interface ForwardHealth {
  tone: Tone;
  word: string;
  /** Why, or figures. */
  detail: string;
  /** When it was checked; none if it was not. */
  at: number | null;
  /** A program of the VPS serves that port as well. */
  conflict?: true;
}

export type Health = (forward: ForwardRow) => ForwardHealth;

const kept = keepLast<Health>();

/** How a forward stands: off, checked, in conflict with a program of its VPS, or by its tunnel where nobody checked it. */
export function useForwardHealth(): Health {
  const { t } = useTranslation();
  const { data: checks } = useChecks();
  const { data: live } = useLive();
  return useMemo(
    () => kept([i18next.language, checks, live], () => makeHealth(t, checks ?? [], live)),
    [t, checks, live],
  );
}

/** It is asked of each of very many forwards: the words that most of them have are found once. */
function makeHealth(t: TFunction, checks: CheckResult[], live: HostLive[] | undefined): Health {
  const plain = (tone: Tone, word: string): ForwardHealth => ({ tone, word, detail: "", at: null });
  const unchecked = plain("unknown", t("check.notChecked"));
  const off = plain("off", t("forward.state.off"));
  const suspended = plain("off", t("forward.state.suspended"));
  const tunnelDown = t("forward.tunnelDown");
  const tunnels = tunnelsByPeer(live);
  const conflicts = new Map<string, ForwardHealth>();
  for (const { forward, why } of (live ?? []).flatMap((host) => host.conflicts))
    conflicts.set(forward, {
      tone: "warn",
      word: t("forward.conflict"),
      detail: why,
      at: null,
      conflict: true,
    });
  const checked = new Map<string, ForwardHealth>();
  for (const [forward, results] of groupBy(checks, (one) => one.forward)) {
    const check = worst(results.map((one) => one.check));
    if (!check || check.outcome.kind === "undecided") continue;
    checked.set(forward, {
      tone: verdictTone[check.outcome.kind],
      word: verdictWord(t, check.outcome),
      detail: check.verdict,
      at: Math.max(...results.map((one) => one.at)),
    });
  }
  return (forward) => {
    if (forward.state === "off") return off;
    if (forward.state === "suspended") return suspended;
    const found = checked.get(forward.id);
    // That it fails weighs more; that it works does not make the other program reachable.
    const conflict = conflicts.get(forward.id);
    if (conflict && found?.tone !== "bad") return { ...conflict, at: found?.at ?? null };
    if (found) return found;
    const tunnel = tunnels.get(forward.peer_name);
    return tunnel && !tunnel.up ? { tone: "bad", word: tunnelDown, detail: tunnel.why, at: null } : unchecked;
  };
}

import type { TFunction } from "i18next";
import type { Change, PeerRow } from "@/api/generated/types";
import { openPlan } from "@/features/plans/plan-dialog";

/** Suspends or resumes peers, by a plan. */
export function setPeersActive(t: TFunction, names: string[], active: boolean, onApplied?: () => void): void {
  const what = names.length === 1 ? (names[0] ?? "") : t("peers.many", { count: names.length });
  const title = (on: boolean) => t(on ? "peers.resumeTitle" : "peers.suspendTitle", { what });
  const change = (on: boolean): Change => ({ change: "peer_set_active", names, active: on });
  openPlan({
    title: title(active),
    source: { change: change(active) },
    onApplied,
    undo: { title: title(!active), change: change(!active) },
  });
}

/** Gives a peer another public IP of its VPS; its forwards and its egress go along. */
export function movePeer(t: TFunction, peer: PeerRow, ip: string): void {
  const title = (to: string) => t("peers.moveTitle", { name: peer.name, ip: to });
  const change = (to: string): Change => ({ change: "peer_move", name: peer.name, ip: to });
  openPlan({
    title: title(ip),
    source: { change: change(ip) },
    undo: { title: title(peer.public_ip), change: change(peer.public_ip) },
  });
}

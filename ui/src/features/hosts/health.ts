import type { TFunction } from "i18next";
import type { Health, HostLive, PeerRow, TunnelLive } from "@/api/generated/types";
import type { Tone } from "@/components/status";

export const healthTone: Record<Health, Tone> = {
  ok: "ok",
  changes_waiting: "info",
  drift: "warn",
  unreachable: "bad",
};

export interface Stand {
  tone: Tone;
  word: string;
  detail: string;
}

/** How a host stands, in a word. */
export function hostStand(t: TFunction, live: HostLive | undefined, setUp = true): Stand {
  if (!setUp) return { tone: "off", word: t("host.notSetUp"), detail: "" };
  if (!live) return { tone: "unknown", word: t("host.notLooked"), detail: "" };
  const detail = live.error?.message ?? live.drift[0] ?? "";
  return { tone: healthTone[live.health], word: t(`host.health.${live.health}`), detail };
}

export type PeerStatus = "up" | "down" | "suspended" | "unknown";

export function peerStatus(peer: PeerRow, tunnel: TunnelLive | undefined): PeerStatus {
  if (peer.state === "suspended") return "suspended";
  if (!tunnel) return "unknown";
  return tunnel.up ? "up" : "down";
}

const peerTone: Record<PeerStatus, Tone> = { up: "ok", down: "bad", suspended: "off", unknown: "unknown" };

/** How a peer's tunnel stands, in a word. */
export function peerStand(t: TFunction, peer: PeerRow, tunnel: TunnelLive | undefined): Stand {
  const status = peerStatus(peer, tunnel);
  return {
    tone: peerTone[status],
    word: t(`peer.status.${status}`),
    detail: status === "down" ? (tunnel?.why ?? "") : "",
  };
}

/** Tunnels by the name of their peer. Of a VPS that does not answer nobody knows how they are. */
export function tunnelsByPeer(live: HostLive[] | undefined): Map<string, TunnelLive> {
  const found = new Map<string, TunnelLive>();
  for (const host of live ?? []) {
    if (host.health === "unreachable") continue;
    for (const tunnel of host.tunnels) found.set(tunnel.peer, tunnel);
  }
  return found;
}

export const hostsByName = (live: HostLive[] | undefined): Map<string, HostLive> =>
  new Map((live ?? []).map((host) => [host.name, host]));

import i18next, { type TFunction } from "i18next";
import type { Health, HostLive, PeerRow, TunnelLive } from "@/api/generated/types";
import type { Tone } from "@/components/status";
import { keepLast } from "@/lib/memo";

export const healthTone: Record<Health, Tone> = {
  ok: "ok",
  changes_waiting: "info",
  drift: "warn",
  unreachable: "bad",
};

/** Whether a look failed because nobody opened the place where the password is kept: the host itself was not asked. */
export const isLocked = (error: HostLive["error"]): boolean => error?.code.startsWith("vault_") ?? false;

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
const keptStands = keepLast<Record<PeerStatus, Stand>>();

/** How a peer's tunnel stands, in a word. Asked of each of thousands: what most have is made once. */
export function peerStand(t: TFunction, peer: PeerRow, tunnel: TunnelLive | undefined): Stand {
  const stands = keptStands([i18next.language], () => {
    const of = (status: PeerStatus) => ({
      tone: peerTone[status],
      word: t(`peer.status.${status}`),
      detail: "",
    });
    return { up: of("up"), down: of("down"), suspended: of("suspended"), unknown: of("unknown") };
  });
  const status = peerStatus(peer, tunnel);
  return status === "down" ? { ...stands.down, detail: tunnel?.why ?? "" } : stands[status];
}

const keptTunnels = keepLast<Map<string, TunnelLive>>();
const keptHosts = keepLast<Map<string, HostLive>>();

/** Tunnels by the name of their peer. Of a VPS that does not answer nobody knows how they are. */
export function tunnelsByPeer(live: HostLive[] | undefined): Map<string, TunnelLive> {
  return keptTunnels([live], () => {
    const found = new Map<string, TunnelLive>();
    for (const host of live ?? []) {
      if (host.health === "unreachable") continue;
      for (const tunnel of host.tunnels) found.set(tunnel.peer, tunnel);
    }
    return found;
  });
}

export const hostsByName = (live: HostLive[] | undefined): Map<string, HostLive> =>
  keptHosts([live], () => new Map((live ?? []).map((host) => [host.name, host])));

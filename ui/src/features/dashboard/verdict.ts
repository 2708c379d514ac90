import type { ForwardRow, HostLive, PeerRow, VpsRow } from "@/api/generated/types";
import type { Tone } from "@/components/status";
import type { ForwardHealth } from "@/features/checks/use-forward-health";
import { hostsByName, peerStatus, tunnelsByPeer } from "@/features/hosts/health";

export interface Verdict {
  tone: Tone;
  /** Which sentence answers whether people can connect. */
  key: "nothingOpen" | "all" | "allTunnels" | "some" | "none" | "unknown";
  /** Forwards that are on, and how many of them do not work or are not known to. */
  on: number;
  failing: number;
  proved: number;
  vpsesUp: number;
  peersUp: number;
  peersOn: number;
  /** Whether some VPS could not be looked at. */
  blind: boolean;
  /** The oldest look that this rests on; none if nobody looked. */
  at: number | null;
}

/** Can people connect right now? From checks where there are some, and from hosts and tunnels where there are none. */
export function verdict(
  vpses: VpsRow[],
  peers: PeerRow[],
  forwards: ForwardRow[],
  live: HostLive[] | undefined,
  health: (forward: ForwardRow) => ForwardHealth,
): Verdict {
  const hosts = hostsByName(live);
  const tunnels = tunnelsByPeer(live);
  const on = forwards.filter((forward) => forward.state === "on");
  const unreachable = new Set(
    vpses.filter((vps) => hosts.get(vps.name)?.health === "unreachable").map((vps) => vps.name),
  );
  const tones = on.map((forward) => (unreachable.has(forward.vps_name) ? "warn" : health(forward).tone));
  const failing = tones.filter((tone) => tone === "bad").length;
  const proved = tones.filter((tone) => tone === "ok").length;
  const status = peers.map((peer) => peerStatus(peer, tunnels.get(peer.name)));
  const looked = vpses.map((vps) => hosts.get(vps.name)?.at).filter((at) => at !== undefined);
  const facts = {
    on: on.length,
    failing,
    proved,
    vpsesUp: vpses.filter((vps) => hosts.has(vps.name) && !unreachable.has(vps.name)).length,
    peersUp: status.filter((one) => one === "up").length,
    peersOn: peers.filter((peer) => peer.state === "active").length,
    blind: unreachable.size > 0,
    at: looked.length > 0 ? Math.min(...looked) : null,
  };
  return { ...facts, ...judged(facts) };
}

function judged(facts: Omit<Verdict, "tone" | "key">): Pick<Verdict, "tone" | "key"> {
  if (facts.on === 0) return { tone: "off", key: "nothingOpen" };
  if (facts.failing === facts.on) return { tone: "bad", key: "none" };
  if (facts.failing > 0) return { tone: "bad", key: "some" };
  if (facts.at === null || facts.blind) return { tone: "unknown", key: "unknown" };
  return facts.proved === facts.on ? { tone: "ok", key: "all" } : { tone: "ok", key: "allTunnels" };
}

import { useFigures } from "@/api/queries";
import type { ForwardNow, HostNow, PeerNow } from "@/api/generated/types";
import { keepLast } from "@/lib/memo";

/** Bytes a second from the world to home, and back. */
export interface Rate {
  down: number;
  up: number;
}

export interface NowIndex {
  hosts: Map<string, HostNow>;
  /** By identifier and by name. */
  peers: Map<string, PeerNow>;
  forwards: Map<string, ForwardNow>;
}

const kept = keepLast<NowIndex>();

function indexed(all: HostNow[] | undefined): NowIndex {
  return kept([all], () => {
    const index: NowIndex = { hosts: new Map(), peers: new Map(), forwards: new Map() };
    for (const host of all ?? []) {
      index.hosts.set(host.id, host);
      for (const peer of host.peers) index.peers.set(peer.id, peer).set(peer.name, peer);
      for (const forward of host.forwards) index.forwards.set(forward.id, forward);
    }
    return index;
  });
}

/** Hosts, peers and forwards as they are now, by identifier. */
export const useNowOf = (): NowIndex => indexed(useFigures().data);

/** The speed of a peer by its identifier or name; none where it was not polled. */
export function peerRate({ peers }: NowIndex, peer: string): Rate | null {
  const now = peers.get(peer);
  return now && now.state !== "unknown" ? { down: now.rates.to_home, up: now.rates.from_home } : null;
}

/** The speed of a forward; none where its VPS was not polled. */
export function forwardRate({ forwards, peers }: NowIndex, forward: string): Rate | null {
  const now = forwards.get(forward);
  return now && peers.get(now.peer)?.state !== "unknown"
    ? { down: now.rates.to_home, up: now.rates.from_home }
    : null;
}

/** What goes over a host's network card: received and sent; none where it does not answer. */
export function cardRate({ hosts }: NowIndex, host: string): Rate | null {
  const now = hosts.get(host);
  const card = now?.state === "online" ? now.system?.network : null;
  return card ? { down: card.from_home, up: card.to_home } : null;
}

/** Both ways together, to sort by; -1 for what is not known. */
export const sumOf = (rate: Rate | null): number => (rate ? rate.down + rate.up : -1);

/** The speed of a peer by its name, as it is now. */
export function useRates(): (peer: string) => Rate | null {
  const index = useNowOf();
  return (name) => peerRate(index, name);
}

/** What all that goes through a VPS comes to: the sum of its peers. */
export const hostRate = (host: HostNow): Rate => ({
  down: host.peers.reduce((sum, peer) => sum + peer.rates.to_home, 0),
  up: host.peers.reduce((sum, peer) => sum + peer.rates.from_home, 0),
});

import { useFigures } from "@/api/queries";
import type { ForwardNow, HostNow, PeerNow } from "@/api/generated/types";
import { keepLast } from "@/lib/memo";

/** Bytes a second from the world to home, and back. */
export interface Rate {
  down: number;
  up: number;
}

interface Index {
  hosts: Map<string, HostNow>;
  /** By identifier and by name. */
  peers: Map<string, PeerNow>;
  forwards: Map<string, ForwardNow>;
}

const kept = keepLast<Index>();

function indexed(all: HostNow[] | undefined): Index {
  return kept([all], () => {
    const index: Index = { hosts: new Map(), peers: new Map(), forwards: new Map() };
    for (const host of all ?? []) {
      index.hosts.set(host.id, host);
      for (const peer of host.peers) index.peers.set(peer.id, peer).set(peer.name, peer);
      for (const forward of host.forwards) index.forwards.set(forward.id, forward);
    }
    return index;
  });
}

/** Hosts, peers and forwards as they are now, by identifier. */
export const useNowOf = (): Index => indexed(useFigures().data);

/** The speed of a peer by its name; none where it was not polled. */
export function useRates(): (peer: string) => Rate | null {
  const { peers } = useNowOf();
  return (name) => {
    const peer = peers.get(name);
    return peer && peer.state !== "unknown" ? { down: peer.rates.to_home, up: peer.rates.from_home } : null;
  };
}

/** What all that goes through a VPS comes to: the sum of its peers. */
export const hostRate = (host: HostNow): Rate => ({
  down: host.peers.reduce((sum, peer) => sum + peer.rates.to_home, 0),
  up: host.peers.reduce((sum, peer) => sum + peer.rates.from_home, 0),
});

import { groupBy } from "@/lib/group";
import type { ForwardRow, PeerRow, VpsRow } from "@/api/generated/types";

/** A public IP on the left of the picture. */
export interface Front {
  address: string;
  vps: string;
  forwards: ForwardRow[];
}

/** A machine on the right. */
export interface Machine {
  key: string;
  peer: PeerRow;
  kind: ForwardRow["target_kind"];
  address: string;
  forwards: ForwardRow[];
}

export interface Home {
  peer: PeerRow;
  machines: Machine[];
}

/** From here on the picture has a line for each machine, not for each forward. */
export const GROUP_FROM = 200;
/** Most homes that are drawn at once; the rest is found by search and filter. */
export const MOST_HOMES = 40;

export interface Picture {
  fronts: Front[];
  homes: Home[];
  grouped: boolean;
  /** Homes that are not drawn. */
  left: number;
}

export const machineKey = (forward: ForwardRow): string =>
  `${forward.peer}|${forward.target_kind}|${forward.target}`;

/** The two sides of the picture, in an order that keeps links short: homes stand where their addresses stand. */
export function picture(vpses: VpsRow[], peers: PeerRow[], forwards: ForwardRow[]): Picture {
  const order = new Map<string, number>();
  const vpsOf = new Map<string, string>();
  for (const vps of vpses) {
    for (const address of vps.addresses) {
      vpsOf.set(address, vps.name);
      order.set(address, order.size);
    }
  }
  const place = (peer: PeerRow) => order.get(peer.public_ip) ?? order.size;
  // They come by name, and the sort leaves those of one address so.
  const sorted = [...peers].sort((a, b) => place(a) - place(b));
  const shown = sorted.slice(0, MOST_HOMES);
  const ids = new Set(shown.map((peer) => peer.id));
  const byPeer = groupBy(
    forwards.filter((forward) => ids.has(forward.peer)),
    (forward) => forward.peer,
  );
  const homes = shown.map((peer) => ({ peer, machines: machines(peer, byPeer.get(peer.id) ?? []) }));
  const drawn = homes.flatMap((home) => home.machines.flatMap((machine) => machine.forwards));
  const byAddress = groupBy(drawn, (forward) => forward.public_ip);
  const addresses = new Set([
    ...(sorted.length > MOST_HOMES ? [] : order.keys()),
    ...shown.map((peer) => peer.public_ip),
  ]);
  const fronts = [...addresses]
    .sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
    .map((address) => ({ address, vps: vpsOf.get(address) ?? "", forwards: byAddress.get(address) ?? [] }));
  return { fronts, homes, grouped: drawn.length > GROUP_FROM, left: sorted.length - shown.length };
}

/** The machines of a peer that have forwards; one to begin with where there is none. */
function machines(peer: PeerRow, forwards: ForwardRow[]): Machine[] {
  const groups = groupBy(forwards, machineKey);
  const found = [...groups].map(([key, of]) => {
    const [first] = of as [ForwardRow];
    return { key, peer, kind: first.target_kind, address: first.target, forwards: of };
  });
  if (found.length > 0) return found;
  const kind = peer.kind === "manual" ? "peer" : "vm";
  const address = kind === "peer" ? peer.tunnel_ip : peer.first_vm;
  return [{ key: `${peer.id}|${kind}|${address}`, peer, kind, address, forwards: [] }];
}

import type { Analysis, Carried, StretchForm, Uptime } from "../generated/types";
import { past } from "./figures";
import type { World } from "./world";

const MONTHS = 12;
const MEASURED = 3;

/** What the stand-in's past comes to. */
export function analysis(world: World, stretch: StretchForm, vps: string | null): Analysis {
  const peers = world.peers.filter((peer) => vps === null || peer.vps_name === vps);
  const names = new Set(peers.map((peer) => peer.name));
  const carried = (kind: "peer" | "forward", id: string, name: string, of: string): Carried => {
    const view = past({ kind, id }, { ...stretch, step: 3600 });
    const sum = (column: string) => view.columns.find((one) => one.column === column)?.sum ?? 0;
    const [to_home, from_home] = [sum("to_home"), sum("from_home")];
    return { id, name, of, to_home, from_home, before: Math.round((to_home + from_home) * 0.8) };
  };
  const most = (all: Carried[]) =>
    all
      .filter((one) => one.to_home + one.from_home > 0)
      .sort((a, b) => b.to_home + b.from_home - a.to_home - a.from_home)
      .slice(0, 20);
  const months = monthBegins();
  const measured = peers.length > 0;
  const uptimes = (away: number): Uptime[] =>
    months.map((_, at) =>
      at < MONTHS - MEASURED || !measured
        ? { up: 0, down: 0, outages: 0 }
        : { up: 2_592_000 - away * (at % 3), down: away * (at % 3), outages: away > 0 ? at % 3 : 0 },
    );
  return {
    from: stretch.from,
    to: stretch.to,
    heat: Array.from({ length: 168 }, (_, at) => ({
      bytes: measured ? evening(at) : 0,
      weeks: measured ? 4 : 0,
    })),
    peers: most(peers.map((peer) => carried("peer", peer.id, peer.name, peer.vps_name))),
    forwards: most(
      world.forwards
        .filter((forward) => names.has(forward.peer_name))
        .map((one) =>
          carried("forward", one.id, one.label || `${one.ports} ${one.protocols}`, one.peer_name),
        ),
    ),
    months: months.map((from, at) => {
      const here = measured && at >= MONTHS - MEASURED;
      const size = here ? 1_200_000_000_000 * (at - MONTHS + MEASURED + 1) : 0;
      return { from, to_home: Math.round(size / 8), from_home: size, measured: here };
    }),
    vpses: world.vpses
      .filter((one) => vps === null || one.name === vps)
      .map((one, at) => ({ id: one.id, name: one.name, months: uptimes(at * 400) })),
    peer_uptimes: peers
      .slice(0, 200)
      .map((peer, at) => ({ id: peer.id, name: peer.name, months: uptimes(at * 1700) })),
  };
}

/** More in the evening, most on weekends. */
function evening(at: number): number {
  const day = Math.floor(at / 24);
  const hour = at % 24;
  const weekend = day >= 5 ? 1.6 : 1;
  return Math.round(8_000_000_000 * weekend * (0.05 + Math.exp(-((hour - 20) ** 2) / 14)));
}

function monthBegins(): number[] {
  const now = new Date();
  return Array.from(
    { length: MONTHS },
    (_, at) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - MONTHS + 1 + at, 1) / 1000,
  );
}

import type {
  Collecting,
  ColumnView,
  ForwardRow,
  HostNow,
  PastView,
  Rates,
  SeriesRef,
  StretchForm,
  TunnelQuality,
  TunnelState,
} from "../generated/types";
import type { World } from "./world";

const DAY = 86_400;

/** The stand-in began to collect this long ago, in seconds. */
const COLLECTED = 40 * DAY;

/** A number from 0 to 1 that is always the same for a text. */
function chance(text: string): number {
  let hash = 2_166_136_261;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
  return (hash >>> 0) / 2 ** 32;
}

/** More in the evening, and no two moments alike. */
function busy(id: string, at: number): number {
  const hour = (at % DAY) / 3600;
  const evening = Math.exp(-((hour - 20) ** 2) / 18);
  const wobble = 0.6 + 0.4 * Math.sin(at / 1700 + chance(id) * 6) * Math.cos(at / 611);
  return (0.08 + evening) * wobble * (0.3 + chance(id));
}

function rates(id: string, at: number): Rates {
  const busyness = busy(id, at);
  return { from_home: Math.round(busyness * 2_400_000), to_home: Math.round(busyness * 310_000) };
}

/** Hosts as they are now. */
export function figures(world: World, wanted: readonly string[]): HostNow[] {
  const at = Math.floor(Date.now() / 1000);
  return world.live
    .filter((one) => wanted.length === 0 || wanted.includes(one.name))
    .map((one) => {
      const vps = world.vpses.find((row) => row.name === one.name);
      const id = vps?.host ?? one.name;
      const answers = one.error === null;
      const peers = world.peers.filter((peer) => peer.vps_name === one.name);
      return {
        id,
        name: one.name,
        state: answers ? "online" : "offline",
        refused: false,
        reason: answers ? "" : `no answer for 6 min: ${one.error?.message ?? ""}`,
        at: answers ? at : at - 360,
        system: answers ? system(id, at, one.uptime ?? 3 * DAY) : null,
        peers: peers.map((peer) => {
          const tunnel = one.tunnels.find((live) => live.peer === peer.name);
          const state: TunnelState = !answers
            ? "unknown"
            : peer.state === "suspended"
              ? "suspended"
              : tunnel?.up
                ? "connected"
                : "disconnected";
          return {
            id: peer.id,
            name: peer.name,
            state,
            reason: state === "disconnected" ? "no handshake for 6 min; last from 198.51.100.7:51820" : "",
            handshake_age: tunnel?.handshake_age ?? null,
            endpoint: tunnel?.endpoint ?? null,
            total: { from_home: tunnel?.received ?? 0, to_home: tunnel?.sent ?? 0 },
            rates: state === "connected" ? rates(peer.id, at) : { from_home: 0, to_home: 0 },
            quality: state === "connected" ? quality(peer.name, peer.id, at - 240) : null,
          };
        }),
        forwards: world.forwards
          .filter((forward) => forward.vps_name === one.name && forward.state === "on")
          .map((forward) => forwardNow(forward, at, answers)),
      };
    });
}

function forwardNow(forward: ForwardRow, at: number, answers: boolean) {
  return {
    id: forward.id,
    peer: forward.peer_name,
    public_ip: forward.public_ip,
    ports: forward.ports,
    label: forward.label,
    connections: answers ? Math.round(busy(forward.id, at) * 9) : 0,
    total: { from_home: 84_000_000_000, to_home: 9_000_000_000 },
    rates: answers ? rates(forward.id, at) : { from_home: 0, to_home: 0 },
  };
}

function system(id: string, at: number, uptime: number) {
  return {
    cpu: Math.round(40 + busy(id, at) * 300),
    memory_used: 412,
    memory_total: 1963,
    disk_used: 6144,
    disk_total: 25_600,
    load: Math.round(busy(id, at) * 90),
    uptime,
    kernel: "6.12.48+deb13-amd64",
    reboot_needed: chance(id) > 0.7,
    security_updates: chance(id) > 0.5 ? 3 : 0,
    network: { from_home: rates(id, at).to_home, to_home: rates(id, at).from_home },
    network_total: { from_home: 1_200_000_000_000, to_home: 3_400_000_000_000 },
    clock_ahead: 0,
  };
}

/** The figures of a stretch of the past, with an outage of 40 minutes the day before yesterday. */
export function past(of: SeriesRef, stretch: StretchForm): PastView {
  const now = Math.floor(Date.now() / 1000);
  const least = Math.ceil((stretch.to - stretch.from) / 1000);
  const step = Math.max(stretch.step ?? 1, least, stretch.from < now - DAY ? 60 : 10);
  const at: number[] = [];
  for (
    let moment = Math.ceil(stretch.from / step) * step;
    moment < Math.min(stretch.to, now);
    moment += step
  ) {
    const ago = now - moment;
    if (ago <= COLLECTED && !(ago > 2 * DAY && ago < 2 * DAY + 2400)) at.push(moment);
  }
  const column = (column: PastView["columns"][number]["column"], value: (at: number) => number) => {
    const mean = at.map(value);
    const counts = ["received", "sent", "from_home", "to_home"].includes(column);
    const sorted = [...mean].sort((one, other) => one - other);
    return {
      column,
      mean,
      peak: mean.map((one) => Math.round(one * 1.4)),
      sum: counts ? Math.round(mean.reduce((sum, one) => sum + one * step, 0)) : 0,
      p95: counts ? (sorted[Math.round((sorted.length - 1) * 0.95)] ?? null) : null,
    };
  };
  if (of.kind === "tunnel") return tunnelPast(of.id, step, at, stretch);
  const up = (moment: number) => rates(of.id, moment).from_home;
  const down = (moment: number) => rates(of.id, moment).to_home;
  const columns =
    of.kind === "host"
      ? [
          column("cpu", (moment) => 40 + busy(of.id, moment) * 300),
          column("memory", () => 412),
          column("disk", () => 6144),
          column("load", (moment) => busy(of.id, moment) * 90),
          column("received", down),
          column("sent", up),
        ]
      : [column("from_home", up), column("to_home", down)];
  if (of.kind === "forward" || of.kind === "public_ip")
    columns.push(column("connections", (moment) => Math.round(busy(of.id, moment) * 9)));
  const states = [
    { at: now - COLLECTED, state: of.kind === "host" ? "online" : "connected", reason: "" },
    { at: now - 2 * DAY - 2400, state: "unknown", reason: "no answer for 70 s: timed out" },
    { at: now - 2 * DAY, state: of.kind === "host" ? "online" : "connected", reason: "" },
  ];
  return { step, at, columns, polled: at, states: of.kind === "host" || of.kind === "peer" ? states : [] };
}

export const collecting = (): Collecting => ({ recording: true, interval: 10, history_bytes: 48_234_496 });

/** What a measurement of a tunnel finds. */
export function quality(peer: string, id: string, at: number): TunnelQuality {
  const mean = 8 + chance(id) * 40;
  return { peer, at, sent: 10, lost: 0, mean_ms: mean, most_ms: mean * 1.6, mtu: 1420, carries: 1420 };
}

function tunnelPast(id: string, step: number, at: number[], stretch: StretchForm): PastView {
  const near = at.filter((moment) => moment >= stretch.from);
  const mean = (8 + chance(id) * 40) * 1000;
  const column = (name: ColumnView["column"], value: number, count: boolean): ColumnView => ({
    column: name,
    mean: near.map(() => value),
    peak: near.map(() => Math.round(value * 1.6)),
    sum: count ? Math.round(value * near.length) : 0,
    p95: null,
  });
  return {
    step,
    at: near,
    columns: [
      column("pings", 10, true),
      column("pings_lost", 0.1, true),
      column("round_trips", mean * 10, true),
      column("round_trip_most", mean, false),
      column("path_mtu", 1420, false),
    ],
    polled: near,
    states: [],
  };
}

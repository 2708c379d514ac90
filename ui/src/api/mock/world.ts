import { freshAlerting, type MockAlerting } from "./alerts";
import type {
  ActivityRow,
  CheckResult,
  ForwardRow,
  HostLive,
  Job,
  OperationView,
  PeerPage,
  PeerRow,
  PendingHost,
  PlanView,
  Question,
  Settings,
  SshHost,
  TemplateRow,
  TunnelLive,
  VpsRow,
} from "../generated/types";
import type { MockProxmox } from "./proxmox";

/** Everything that the stand-in knows. A scenario makes one; the commands change it. */
export interface World {
  vpses: VpsRow[];
  peers: PeerRow[];
  forwards: ForwardRow[];
  live: HostLive[];
  jobs: Job[];
  questions: Question[];
  checks: CheckResult[];
  activity: ActivityRow[];
  operations: OperationView[];
  pending: PendingHost[];
  proxmoxes: MockProxmox[];
  plans: Map<string, StoredPlan>;
  templates: TemplateRow[];
  alerting: MockAlerting;
  settings: Settings;
  sshHosts: SshHost[];
  /** Addresses that are not given to new peers. */
  disabled: Set<string>;
  keptKeys: Set<string>;
  /** MTUs that are not the usual one, by name of their peer. */
  mtus: Record<string, { mtu: number; mtu_origin: PeerPage["mtu_origin"] }>;
  /** What goes through a tunnel besides replies, by name of its peer. */
  routes: Record<string, string>;
  /** Commands that fail, for pictures of mistakes. */
  broken: Set<string>;
  /** Makes every command wait, milliseconds. */
  delay: number;
  /** The next apply fails on this step. */
  failing: string | null;
}

/** What a plan becomes once it is recorded. */
export interface StoredPlan {
  view: PlanView;
  after: Pick<World, "vpses" | "peers" | "forwards" | "mtus" | "routes" | "proxmoxes">;
  /** Kept as is: removed hosts, adopted ones. */
  note: string;
}

/** What an apply does on a host, in its words. */
export const STEPS = [
  "see that nobody else is changing the host",
  "let the host check the new files",
  "arm the way back",
  "write the new generation",
  "switch to it",
  "load it",
  "let old connections of changed ports go",
];

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Numbers that look like chance and are the same each time. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

let counter = 0;
export const id = (kind: string): string => {
  counter += 1;
  const hex = (counter * 2_654_435_761) >>> 0;
  return `${hex.toString(16).padStart(8, "0")}-${kind}-4000-8000-${String(counter).padStart(12, "0")}`;
};

export function emptyWorld(): World {
  return {
    vpses: [],
    peers: [],
    forwards: [],
    live: [],
    jobs: [],
    questions: [],
    checks: [],
    activity: [],
    operations: [],
    pending: [],
    proxmoxes: [],
    plans: new Map(),
    templates: templates(),
    alerting: freshAlerting(),
    settings: settings(),
    sshHosts: [
      { alias: "nyc", leads_to: "root@203.0.113.10:22" },
      { alias: "nas", leads_to: "admin@192.168.20.5:22" },
      { alias: "office-pve", leads_to: "root@10.20.0.4:22 via bastion" },
    ],
    disabled: new Set(),
    keptKeys: new Set(),
    mtus: {},
    routes: {},
    broken: new Set(),
    delay: 0,
    failing: null,
  };
}

export function settings(): Settings {
  return {
    theme: "system",
    language: "en",
    density: "normal",
    close_to_tray: true,
    autostart: false,
    notifications: true,
    refresh_seconds: 60,
    poll_seconds: 10,
    poll_background_seconds: 60,
    rollback_after: 60,
    ssh_user: "",
    listen_port: 51820,
    dns_names: {},
    terminal: { font_size: 13, scrollback: 10_000, theme: "system", warn_paste: true, copy_on_select: false },
    log_level: "info",
    log_modules: {},
    welcomed: false,
  };
}

function templates(): TemplateRow[] {
  const rows: [string, string, string, string, string][] = [
    [
      "cs2",
      "Counter-Strike 2",
      "game",
      "27015 tcp+udp, 27020 udp",
      "developer.valvesoftware.com, Source dedicated server",
    ],
    ["factorio", "Factorio", "game", "34197 udp", "wiki.factorio.com, Multiplayer"],
    ["jellyfin", "Jellyfin", "media", "8096 tcp", "jellyfin.org, Networking"],
    ["minecraft", "Minecraft: Java Edition", "game", "25565 tcp", "server.properties: server-port"],
    ["minecraft-bedrock", "Minecraft: Bedrock Edition", "game", "19132-19133 udp", "server.properties"],
    ["mumble", "Mumble", "voice", "64738 tcp+udp", "mumble-server.ini: port"],
    ["palworld", "Palworld", "game", "8211,27015 udp", "docs.palworldgame.com"],
    ["rdp", "Remote Desktop", "remote", "3389 tcp+udp", "learn.microsoft.com"],
    ["satisfactory", "Satisfactory", "game", "7777 tcp+udp, 8888 tcp", "satisfactory.wiki.gg"],
    ["ssh", "SSH", "remote", "22 tcp", "RFC 4253"],
    ["terraria", "Terraria", "game", "7777 tcp", "terraria.wiki.gg"],
    ["valheim", "Valheim", "game", "2456-2458 udp", "Valheim Dedicated Server manual"],
    ["web", "Web site, with HTTP/3", "web", "80,443 tcp, 443 udp", "RFC 9110 and RFC 9114"],
  ];
  return rows.map(([name, title, kind, ports, source]) => ({ name, title, kind, ports, source, own: false }));
}

export function vps(name: string, addresses: string[], network: string): VpsRow {
  return {
    id: id("0001"),
    name,
    host: id("000a"),
    addresses,
    endpoint: addresses[0] ?? "",
    listen_port: 51820,
    tunnel_network: network,
    reached_at: `root@${addresses[0]}`,
    peers: 0,
    forwards: 0,
    set_up: true,
  };
}

interface PeerInput {
  kind?: PeerRow["kind"];
  host?: string | null;
  state?: PeerRow["state"];
  set_up?: boolean;
  /** Days since it was added. */
  age?: number;
}

export function peer(
  name: string,
  on: VpsRow,
  publicIp: string,
  number: number,
  more: PeerInput = {},
): PeerRow {
  const kind = more.kind ?? "linux";
  const net = `10.99.${number}`;
  return {
    id: id("0002"),
    name,
    vps: on.id,
    vps_name: on.name,
    kind,
    host: more.host === undefined ? (kind === "manual" ? null : name) : more.host,
    public_ip: publicIp,
    tunnel_ip: on.tunnel_network.replace(/\.0\/24$/, `.${number + 1}`),
    vm_network: `${net}.0/24`,
    gateway: `${net}.1`,
    first_vm: `${net}.2`,
    gateway_interface: "wwbr0",
    state: more.state ?? "active",
    forwards: 0,
    set_up: more.set_up ?? true,
    added_at: Date.now() - (more.age ?? number * 9) * DAY - HOUR,
  };
}

interface ForwardInput {
  to?: string;
  kind?: ForwardRow["target_kind"];
  template?: string | null;
  off?: boolean;
}

export function forward(
  of: PeerRow,
  protocols: ForwardRow["protocols"],
  ports: string,
  label: string,
  more: ForwardInput = {},
): ForwardRow {
  const kind = more.kind ?? "vm";
  return {
    id: id("0003"),
    peer: of.id,
    peer_name: of.name,
    vps_name: of.vps_name,
    public_ip: of.public_ip,
    protocols,
    ports,
    target_kind: kind,
    target: more.to ?? (kind === "peer" ? of.tunnel_ip : of.first_vm),
    label,
    template: more.template ?? null,
    state: of.state === "suspended" ? "suspended" : more.off ? "off" : "on",
  };
}

/** Puts the counts of peers and forwards into the rows, as the program does. */
export function recount(world: Pick<World, "vpses" | "peers" | "forwards">): void {
  const ofPeer = new Map<string, number>();
  for (const one of world.forwards) ofPeer.set(one.peer, (ofPeer.get(one.peer) ?? 0) + 1);
  const ofVps = new Map<string, { peers: number; forwards: number }>();
  for (const one of world.peers) {
    one.forwards = ofPeer.get(one.id) ?? 0;
    const sum = ofVps.get(one.vps) ?? { peers: 0, forwards: 0 };
    ofVps.set(one.vps, { peers: sum.peers + 1, forwards: sum.forwards + one.forwards });
  }
  for (const one of world.vpses) Object.assign(one, ofVps.get(one.id) ?? { peers: 0, forwards: 0 });
}

export function tunnel(of: PeerRow, age: number | null, received: number, sent: number): TunnelLive {
  const silent = age !== null && age > 180;
  const why =
    of.state === "suspended"
      ? "suspended"
      : age === null
        ? "no handshake yet"
        : silent
          ? `no handshake for ${Math.floor(age / 60)} min; last from 198.18.44.${of.name.length}:51820`
          : "";
  return {
    peer: of.name,
    vps: of.vps_name,
    public_ip: of.public_ip,
    up: why === "",
    why,
    handshake_age: age,
    endpoint: age === null ? null : `198.18.44.${of.name.length * 7}:51820`,
    received,
    sent,
  };
}

export function host(name: string, more: Partial<HostLive> = {}): HostLive {
  return {
    name,
    at: Date.now() - 12_000,
    health: "ok",
    error: null,
    system: "Debian GNU/Linux 13 (trixie)",
    generation: 14,
    drift: [],
    uptime: 41 * 86_400,
    tunnels: [],
    conflicts: [],
    ...more,
  };
}

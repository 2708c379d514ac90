import type { ActivityRow, HostLive, OperationView, PeerRow } from "../generated/types";
import { busyAlerting } from "./alerts";
import { checkOf } from "./checks";
import {
  DAY,
  HOUR,
  MINUTE,
  chance,
  emptyWorld,
  forward,
  host,
  id,
  peer,
  recount,
  tunnel,
  vps,
  type World,
} from "./world";
import { proxmox } from "./proxmox";

export type Scenario =
  "empty" | "first-vps" | "small" | "rich" | "large" | "huge" | "partly" | "errors" | "slow";

export const SCENARIOS: Scenario[] = [
  "empty",
  "first-vps",
  "small",
  "rich",
  "large",
  "huge",
  "partly",
  "errors",
  "slow",
];

export function world(scenario: Scenario): World {
  switch (scenario) {
    case "empty":
      return emptyWorld();
    case "first-vps":
      return firstVps();
    case "small":
      return small();
    case "rich":
      return rich();
    case "large":
      return large(300, 5000, 6000);
    case "huge":
      return large(1000, 5000, 50_000);
    case "partly":
      return partly();
    case "errors":
      return broken();
    case "slow":
      return { ...rich(), delay: 60_000 };
  }
}

function firstVps(): World {
  const made = emptyWorld();
  made.vpses = [vps("nyc", ["203.0.113.10"], "10.0.0.0/24")];
  made.live = [host("nyc", { generation: 1 })];
  return made;
}

function small(): World {
  const made = firstVps();
  const nyc = made.vpses[0];
  if (!nyc) return made;
  const attic = peer("attic", nyc, "203.0.113.10", 1);
  made.peers = [attic];
  made.forwards = [forward(attic, "both", "25565", "survival", { template: "minecraft" })];
  made.live = [host("nyc", { tunnels: [tunnel(attic, 31, 120_000_000, 900_000_000)] }), host("attic")];
  recount(made);
  return made;
}

function rich(): World {
  const made = emptyWorld();
  const nyc = vps("nyc", ["203.0.113.10", "203.0.113.11", "203.0.113.12"], "10.0.0.0/24");
  const fra = vps("fra", ["198.51.100.7", "198.51.100.8"], "10.0.1.0/24");
  const sgp = vps("sgp", ["192.0.2.44"], "10.0.2.0/24");
  made.vpses = [fra, nyc, sgp];
  const attic = peer("attic", nyc, "203.0.113.10", 1);
  const rack = peer("basement-rack", nyc, "203.0.113.11", 2);
  const atticFra = peer("attic-fra", fra, "198.51.100.7", 3, { host: "attic" });
  const garage = peer("garage", fra, "198.51.100.8", 4);
  const phone = peer("phone", nyc, "203.0.113.12", 5, { kind: "manual" });
  const lab = peer("lab", sgp, "192.0.2.44", 6, { state: "suspended" });
  made.peers = [attic, atticFra, rack, garage, lab, phone];
  made.forwards = [
    forward(attic, "both", "25565", "survival", { template: "minecraft" }),
    forward(attic, "udp", "24454", "survival voice", { template: "minecraft-voice" }),
    forward(attic, "udp", "27000-27050", "source pool", { to: "10.99.1.3", off: true }),
    forward(attic, "tcp", "2222->22", "ssh to the attic", { kind: "peer" }),
    forward(rack, "tcp", "80,443", "homepage", { to: "10.99.2.2", template: "web" }),
    forward(rack, "udp", "443", "homepage, HTTP/3", { to: "10.99.2.2", template: "web" }),
    forward(rack, "tcp", "8096", "jellyfin", { to: "10.99.2.3", template: "jellyfin" }),
    forward(rack, "udp", "2456-2458", "valheim", { to: "10.99.2.4", template: "valheim" }),
    forward(rack, "both", "27015", "cs2 comp", { to: "10.99.2.5", template: "cs2" }),
    forward(rack, "tcp", "32400", "plex for the family", { to: "192.168.20.30", kind: "lan" }),
    forward(atticFra, "both", "25565", "survival (eu)", { template: "minecraft" }),
    forward(garage, "udp", "8211,27015", "palworld", { template: "palworld" }),
    forward(garage, "tcp", "8000-8010->9000", "build agents", { to: "10.99.4.3" }),
    forward(phone, "tcp", "8022", "termux", { kind: "peer" }),
    forward(lab, "tcp", "443->8443", "staging", { to: "10.99.6.2" }),
  ];
  recount(made);
  made.proxmoxes = [proxmox()];
  made.live = [
    host("nyc", {
      generation: 23,
      tunnels: [
        tunnel(attic, 41, 48_210_000_000, 212_900_000_000),
        tunnel(rack, 12, 9_800_000_000, 81_000_000_000),
        tunnel(phone, 96, 22_000_000, 310_000_000),
      ],
    }),
    host("fra", {
      generation: 9,
      health: "drift",
      drift: [
        "the rule of 8211/udp is gone from table inet wirewarp",
        "sysctl net.ipv4.ip_forward is 0, not 1",
      ],
      system: "Debian GNU/Linux 12 (bookworm)",
      tunnels: [
        tunnel(atticFra, 60, 3_100_000_000, 18_400_000_000),
        tunnel(garage, 2_460, 730_000_000, 2_000_000_000),
      ],
      uptime: 3 * 86_400 + 7_200,
    }),
    host("sgp", {
      generation: 4,
      health: "changes_waiting",
      tunnels: [tunnel(lab, null, 0, 0)],
      uptime: 190 * 86_400,
    }),
    host("attic", { generation: 17, system: "Proxmox VE 8.4 (Debian 12)" }),
    host("basement-rack", { generation: 11, system: "Ubuntu 24.04.2 LTS" }),
    host("garage", {
      health: "unreachable",
      at: Date.now() - 41 * MINUTE,
      uptime: null,
      generation: 6,
      error: {
        code: "no_answer",
        message: "garage does not answer on 192.168.40.12:22.",
        hints: [
          "See whether the machine runs and is on the network.",
          "Its forwards go on working as soon as its tunnel is up again.",
        ],
      },
    }),
    host("lab", { generation: 3 }),
  ];
  made.pending = [
    { name: "sgp", why: "changed" },
    { name: "lab", why: "changed" },
  ];
  made.settings.dns_names = { "203.0.113.10": "play.example.org" };
  made.settings.welcomed = true;
  made.checks = made.forwards
    .filter((one) => one.state === "on")
    .map((one, index) => ({
      forward: one.id,
      at: Date.now() - (index * 7 + 12) * 1000,
      check: checkOf(one),
    }));
  history(made);
  made.alerting = busyAlerting(
    made.peers.slice(0, 3).map((one) => ({ id: one.id, name: one.name, host: nyc.host })),
  );
  return made;
}

function history(made: World): void {
  const seen: [number, string, string, string, OperationView["state"] | null, string | null][] = [
    [4 * MINUTE, "port.add", "changed", "forward survival voice", null, null],
    [3.9 * MINUTE, "port.add", "generation 22 -> 23", "nyc", "succeeded", null],
    [3.9 * MINUTE, "port.add", "generation 16 -> 17", "attic", "succeeded", null],
    [50 * MINUTE, "peer.suspend", "changed", "peer lab", null, null],
    [2 * HOUR, "port.add", "added", "forward palworld", null, null],
    [2 * HOUR - 4000, "port.add", "generation 8 -> 9", "fra", "succeeded", null],
    [
      2 * HOUR - 4000,
      "port.add",
      "generation 6 -> 7",
      "garage",
      "rolled_back",
      "The new connection after the change did not come up within 60 s; the host went back to generation 6.",
    ],
    [9 * HOUR, "template.add", "added", "template factorio-cluster", null, null],
    [1 * DAY, "peer.add", "added", "peer garage", null, null],
    [1 * DAY - 9000, "peer.add", "generation 7 -> 8", "fra", "succeeded", null],
    [
      1 * DAY - 9000,
      "peer.add",
      "generation 0 -> 1",
      "garage",
      "failed",
      "apt is locked by unattended-upgrades and did not let go within 300 s.",
    ],
    [3 * DAY, "vps.add", "added", "vps fra", null, null],
    [3 * DAY - 20_000, "vps.add", "generation 0 -> 1", "fra", "succeeded", null],
    [6 * DAY, "ip.add", "changed", "vps nyc", null, null],
    [8 * DAY, "port.add", "added", "forward homepage", null, null],
    [8 * DAY - 3000, "port.add", "generation 20 -> 21", "nyc", "succeeded", null],
  ];
  made.activity = seen
    .sort((a, b) => a[0] - b[0])
    .map(([ago, action, what, object, state, error]): ActivityRow => {
      const operation = state ? id("0009") : null;
      const at = Date.now() - ago;
      if (operation && state)
        made.operations.push(operationOf(operation, at, action, what, object, state, error));
      return {
        at,
        kind: state ? "operation" : "change",
        who: state ? object : "nora@desk",
        action,
        what,
        object,
        state,
        error,
        operation,
        before: state || what === "added" ? null : '{"enabled":true}',
        after: state ? null : '{"label":"survival voice","protocols":"udp","ports":"24454","enabled":true}',
      };
    });
}

function operationOf(
  operation: string,
  at: number,
  action: string,
  what: string,
  name: string,
  state: OperationView["state"],
  error: string | null,
): OperationView {
  const [base = 0, generation = 1] = (what.match(/\d+/g) ?? []).map(Number);
  const words = [
    "see that nobody else is changing the host",
    "let the host check the new files",
    "see that there is room",
    "arm the way back",
    "write the new generation",
    "switch to it",
    "load it",
    "let old connections of changed ports go",
  ];
  const failedAt = state === "failed" ? 1 : state === "rolled_back" ? 6 : words.length;
  const steps = words.slice(0, failedAt + 1).map((step, index) => ({
    at: at + index * 140,
    step,
    state: index === failedAt ? "failed" : "ok",
    message: index === failedAt ? (error ?? "") : "",
    ms: 40 + ((index * 97) % 410),
  }));
  return {
    id: operation,
    host: name,
    action,
    base,
    generation,
    state,
    started_at: at,
    ended_at: at + 2100,
    error: error
      ? {
          code: state,
          message: error,
          hints: ["The inventory keeps what you want. Apply it again when the host is free."],
        }
      : null,
    steps,
  };
}

function partly(): World {
  const made = rich();
  const gone = new Set(["fra", "garage", "sgp"]);
  made.live = made.live.map((one): HostLive =>
    gone.has(one.name)
      ? {
          ...one,
          health: "unreachable",
          at: Date.now() - 26 * MINUTE,
          uptime: null,
          tunnels: one.tunnels.map((of) => ({
            ...of,
            up: false,
            why: "the VPS cannot be reached",
            handshake_age: null,
          })),
          error: {
            code: "no_answer",
            message: `${one.name} does not answer on port 22.`,
            hints: ["See in your provider's console whether it runs and has its network."],
          },
        }
      : one,
  );
  made.live = made.live.filter((one) => one.name !== "lab");
  return made;
}

function broken(): World {
  const made = rich();
  for (const name of [
    "list_vpses",
    "list_peers",
    "list_forwards",
    "list_proxmoxes",
    "vps_details",
    "peer_details",
    "live",
    "activity",
    "operation",
    "drift",
    "settings",
    "templates",
    "jobs",
    "pending",
    "check_results",
  ])
    made.broken.add(name);
  return made;
}

const LONG = "the-very-old-desktop-under-the-stairs-that-runs-everything";

function large(vpses: number, peers: number, forwards: number): World {
  const made = emptyWorld();
  const random = chance(7);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  made.settings.welcomed = true;
  made.proxmoxes = [proxmox(500)];
  for (let n = 0; n < vpses; n += 1) {
    const site = pick(["nyc", "fra", "sgp", "lon", "ams", "waw", "syd"]);
    const addresses = Array.from(
      { length: 1 + Math.floor(random() * 4) },
      (_, k) => `198.${18 + (n >> 7)}.${n % 128}.${k + 10}`,
    );
    made.vpses.push(
      vps(n === 3 ? `${LONG}-in-frankfurt` : `${site}-${n + 1}`, addresses, `10.${n >> 8}.${n & 255}.0/24`),
    );
  }
  const tunnels = new Map<string, HostLive["tunnels"]>();
  for (let n = 0; n < peers; n += 1) {
    const on = pick(made.vpses);
    const one = peer(
      n === 17 ? LONG : `${pick(["attic", "rack", "garage", "office", "cabin", "loft"])}-${n + 1}`,
      on,
      pick(on.addresses),
      n % 250,
      {
        kind: random() < 0.1 ? "manual" : "linux",
        state: random() < 0.03 ? "suspended" : "active",
      },
    );
    made.peers.push(one);
    const age = random() < 0.02 ? 4000 : random() < 0.01 ? null : Math.floor(random() * 120);
    tunnels.set(on.name, [
      ...(tunnels.get(on.name) ?? []),
      tunnel(one, age, Math.floor(random() * 8e10), Math.floor(random() * 4e11)),
    ]);
  }
  largeForwards(made, made.peers, forwards, random);
  made.vpses.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  made.live = made.vpses.map((one) => host(one.name, { tunnels: tunnels.get(one.name) ?? [] }));
  recount(made);
  return made;
}

function largeForwards(made: World, peers: PeerRow[], count: number, random: () => number): void {
  const next = new Map<string, number>();
  const protocols = ["tcp", "udp", "both"] as const;
  for (let n = 0; n < count; n += 1) {
    const of = peers[Math.floor(random() * peers.length)];
    if (!of) continue;
    const port = next.get(of.public_ip) ?? 20_000;
    const range = random() < 0.15;
    next.set(of.public_ip, port + (range ? 10 : 1));
    made.forwards.push(
      forward(
        of,
        protocols[n % 3] ?? "tcp",
        range ? `${port}-${port + 9}` : String(port),
        n % 4 === 0 ? "" : `server ${n + 1}`,
        { off: random() < 0.05 },
      ),
    );
  }
}

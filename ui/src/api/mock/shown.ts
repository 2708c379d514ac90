import type { FileDiff, Finding, GuestPlan, PlanHost, PlanView } from "../generated/types";
import { STEPS, id, type World } from "./world";

export type Inventory = Pick<World, "vpses" | "peers" | "forwards" | "mtus" | "routes" | "proxmoxes">;

/** What a change comes to. */
export interface Outcome {
  after: Inventory;
  hosts: { name: string; kind?: PlanHost["kind"]; changes: string[]; packages?: string[] }[];
  manual?: string;
  guest?: GuestPlan | null;
}

/** A plan as the program would show it. */
export function planView(world: World, action: string, made: Outcome): PlanView {
  const unreachable = new Map(
    world.live.flatMap((one) => (one.error ? [[one.name, one.error] as const] : [])),
  );
  const reached = made.hosts.filter((one) => !unreachable.has(one.name));
  return {
    id: id("0005"),
    action,
    empty: reached.length === 0 && !made.guest,
    changes_inventory: action !== "apply",
    recorded: action === "apply" || !!made.guest,
    guest: made.guest ?? null,
    hosts: reached.map((one) => planHost(world, one)),
    unreached: made.hosts.flatMap((one) => {
      const error = unreachable.get(one.name);
      return error ? [{ name: one.name, error }] : [];
    }),
    manual_peer: made.manual ?? null,
  };
}

function planHost(world: World, one: Outcome["hosts"][number]): PlanHost {
  const known = world.live.find((live) => live.name === one.name);
  const base = known?.generation ?? 0;
  const findings: Finding[] =
    one.kind === "set_up"
      ? [
          {
            code: "docker",
            severity: "note",
            message: "Docker runs there. Its rules stay as they are; what it publishes goes on working.",
            hints: [],
            subject: { kind: "host", id: one.name },
          },
          {
            code: "provider_firewall",
            severity: "warning",
            message: "Your provider may have a firewall of its own in front.",
            hints: ["Allow UDP 51820 there, and the ports that you forward."],
            subject: { kind: "host", id: one.name },
          },
        ]
      : [];
  return {
    name: one.name,
    system: known?.system ?? "Debian GNU/Linux 13 (trixie)",
    kind: one.kind ?? "change",
    base,
    generation: one.kind === "remove" ? 0 : base + 1,
    changes: one.changes,
    packages: one.packages ?? [],
    steps: [...(one.packages ? ["install packages", "make tunnel keys"] : []), ...STEPS],
    findings,
    files: [
      { path: "rules.nft", change: one.kind === "set_up" ? "added" : "changed", added: 2, removed: 0 },
      ...(one.kind === "set_up"
        ? [{ path: "ww0.conf", change: "added" as const, added: 6, removed: 0 }]
        : []),
    ],
  };
}

export function planFiles(view: PlanView, host: string): FileDiff[] {
  const of = view.hosts.find((one) => one.name === host);
  return (of?.files ?? []).map(({ path }) => ({
    path,
    before: null,
    after: null,
    unified:
      path === "rules.nft"
        ? `--- rules.nft\n+++ rules.nft\n@@ -41,6 +41,8 @@\n   map tcp_single {\n     type inet_service : ipv4_addr . inet_service\n     elements = {\n+      25565 : 10.99.1.2 . 25565,\n+      24454 : 10.99.1.2 . 24454,\n       2222 : 10.0.0.2 . 22,\n     }\n   }\n`
        : `--- /dev/null\n+++ ${path}\n@@ -0,0 +1,4 @@\n+[Interface]\n+ListenPort = 51820\n+[Peer]\n+AllowedIPs = 10.0.0.2/32, 10.99.1.0/24\n`,
  }));
}

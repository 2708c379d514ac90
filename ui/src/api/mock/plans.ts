import type { Change, ForwardDraft, ForwardRow, PeerRow, PlanView } from "../generated/types";
import { fail, portsOf } from "./conflicts";
import { changed as proxmoxChanged } from "./proxmox";
import { planView, type Inventory, type Outcome } from "./shown";
import { forward, peer, recount, vps, type World } from "./world";

const copy = <T>(value: T): T => structuredClone(value);

function drafted(world: World, inventory: Inventory, draft: ForwardDraft, enabled: boolean): ForwardRow[] {
  const of =
    inventory.peers.find((one) => one.name === draft.peer) ??
    fail("not_found", `There is no peer “${draft.peer}”.`);
  const kind = draft.to === "peer" ? "peer" : draft.to.startsWith("192.168") ? "lan" : "vm";
  return portsOf(world, draft).map(({ ports, protocols }) =>
    forward(of, protocols as ForwardRow["protocols"], ports, draft.label, {
      kind,
      ...(draft.to && kind !== "peer" ? { to: draft.to } : {}),
      template: draft.template,
      off: !enabled,
    }),
  );
}

const words = (one: ForwardRow) =>
  `${one.protocols === "all" ? "everything" : `${one.ports} ${one.protocols === "both" ? "tcp+udp" : one.protocols}`} on ${one.public_ip} to ${one.label ? `“${one.label}” at ` : ""}${one.target} behind ${one.peer_name}`;

function hostsOf(inventory: Inventory, peers: PeerRow[], line: string): Outcome["hosts"] {
  const names = new Set(peers.flatMap((one) => [one.vps_name, ...(one.host ? [one.host] : [])]));
  return [...names].map((name) => ({
    name,
    changes: inventory.vpses.some((v) => v.name === name)
      ? [line]
      : [line.replace("forward", "let").replace("no longer forward", "no longer let")],
  }));
}

/** What an edit makes of the inventory, and whom it concerns. */
function outcome(world: World, change: Change): Outcome {
  const after: Inventory = copy({
    vpses: world.vpses,
    peers: world.peers,
    forwards: world.forwards,
    mtus: world.mtus,
    routes: world.routes,
    proxmoxes: world.proxmoxes,
  });
  const peersNamed = (names: string[]) => after.peers.filter((one) => names.includes(one.name));
  const ofForwards = (ids: string[]) => {
    const some = after.forwards.filter((one) => ids.includes(one.id));
    return { some, peers: after.peers.filter((one) => some.some((f) => f.peer === one.id)) };
  };
  switch (change.change) {
    case "vps_add": {
      const address = /(\d+\.\d+\.\d+\.\d+)/.exec(change.login.target)?.[1] ?? "203.0.113.77";
      after.vpses.push({
        ...vps(change.name, [address], change.tunnel_network || `10.0.${after.vpses.length}.0/24`),
        set_up: false,
      });
      return {
        after,
        hosts: [
          {
            name: change.name,
            kind: "set_up",
            changes: [
              `open UDP ${change.listen_port || "51820"} for WireGuard, tunnel network 10.0.${after.vpses.length - 1}.0/24`,
            ],
            packages: ["wireguard-tools", "nftables", "conntrack"],
          },
        ],
      };
    }
    case "vps_rename":
    case "peer_rename":
      rename(after, change.name, change.new_name);
      return { after, hosts: [] };
    case "vps_remove":
      if (after.peers.some((one) => one.vps_name === change.name))
        fail("in_use", `“${change.name}” has peers; remove or move them first.`);
      after.vpses = after.vpses.filter((one) => one.name !== change.name);
      return {
        after,
        hosts: change.forget
          ? []
          : [
              {
                name: change.name,
                kind: "remove",
                changes: ["close UDP 51820", "take every file, rule and unit of WireWarp away"],
              },
            ],
      };
    case "ip_add": {
      const on = after.vpses.find((one) => one.name === change.vps);
      on?.addresses.push(change.address || `203.0.113.${20 + on.addresses.length}`);
      return { after, hosts: [] };
    }
    case "ip_remove":
      for (const one of after.vpses)
        if (one.name === change.vps) one.addresses = one.addresses.filter((a) => a !== change.address);
      return { after, hosts: [] };
    case "ip_set_active":
      if (change.active) world.disabled.delete(change.address);
      else world.disabled.add(change.address);
      return { after, hosts: [] };
    case "peer_add":
      return addPeer(after, change);
    case "peer_move":
      for (const one of peersNamed([change.name])) {
        one.public_ip = change.ip;
        for (const f of after.forwards) if (f.peer === one.id) f.public_ip = change.ip;
      }
      return {
        after,
        hosts: hostsOf(
          after,
          peersNamed([change.name]),
          `move peer ${change.name} with its forwards to ${change.ip}`,
        ),
      };
    case "peer_set_active":
      for (const one of peersNamed(change.names)) {
        one.state = change.active ? "active" : "suspended";
        for (const f of after.forwards) if (f.peer === one.id) f.state = change.active ? "on" : "suspended";
      }
      return {
        after,
        hosts: hostsOf(
          after,
          peersNamed(change.names),
          `${change.active ? "let" : "shut"} ${change.names.join(", ")} ${change.active ? "in" : "out"}`,
        ),
      };
    case "peer_rotate_keys":
      return { after, hosts: hostsOf(after, peersNamed([change.name]), `make a new key for ${change.name}`) };
    case "peer_mtu": {
      const measured = change.mtu === "";
      const mtu = measured ? 1412 : Number(change.mtu);
      if (!(mtu >= 1280 && mtu <= 9000)) fail("bad_input.mtu", "“mtu”: it must be 1280 to 9000 bytes");
      after.mtus[change.name] = { mtu, mtu_origin: measured ? "measured" : "set" };
      return {
        after,
        hosts: hostsOf(
          after,
          peersNamed([change.name]),
          `give the tunnel of ${change.name} an MTU of ${mtu}`,
        ),
      };
    }
    case "peer_route":
      after.routes[change.name] = change.route;
      return {
        after,
        hosts: peersNamed([change.name]).flatMap(({ host }) =>
          host === null ? [] : [{ name: host, changes: [`send ${change.route} through ww0`] }],
        ),
      };
    case "peer_remove": {
      const gone = peersNamed(change.names);
      const hosts = hostsOf(after, gone, `shut ${change.names.join(", ")} out`);
      after.peers = after.peers.filter((one) => !gone.includes(one));
      after.forwards = after.forwards.filter((one) => !gone.some((p) => p.id === one.peer));
      return { after, hosts };
    }
    case "forward_add": {
      const made = drafted(world, after, change.draft, change.enabled);
      after.forwards.push(...made);
      const of = peersNamed([change.draft.peer]);
      return {
        after,
        hosts: hostsOf(after, of, "forward").map((one) => ({
          ...one,
          changes: made.map((f) => `${one.changes[0]} ${words(f)}`),
        })),
      };
    }
    case "forward_import": {
      const made = change.text
        .split("\n")
        .filter((line) => line.trim() && !line.startsWith("#"))
        .flatMap((line) => {
          const [ports = "", protocols = "tcp", to = "", ...label] = line.trim().split(/\s+/);
          return drafted(
            world,
            after,
            { peer: change.peer, ports, protocols, to, label: label.join(" "), template: null },
            true,
          );
        });
      after.forwards.push(...made);
      return {
        after,
        hosts: hostsOf(after, peersNamed([change.peer]), `forward ${made.length} more port sets`),
      };
    }
    case "forward_edit": {
      const { some, peers } = ofForwards([change.id]);
      const [made] = drafted(world, after, { ...change.draft, template: null }, true);
      if (made) for (const one of some) Object.assign(one, { ...made, id: one.id, template: one.template });
      return { after, hosts: hostsOf(after, peers, some[0] ? `forward ${words(some[0])}` : "") };
    }
    case "forward_remove": {
      const { some, peers } = ofForwards(change.ids);
      after.forwards = after.forwards.filter((one) => !some.includes(one));
      return {
        after,
        hosts: peers
          .flatMap((p) => hostsOf(after, [p], ""))
          .map((one) => ({ ...one, changes: some.map((f) => `no longer forward ${words(f)}`) })),
      };
    }
    case "forward_set_enabled": {
      const { some, peers } = ofForwards(change.ids);
      for (const one of some) one.state = change.enabled ? "on" : "off";
      return {
        after,
        hosts: hostsOf(after, peers, "").map((one) => ({
          ...one,
          changes: some.map((f) => `${change.enabled ? "" : "no longer "}forward ${words(f)}`),
        })),
      };
    }
    case "host_login":
    case "host_adopt":
    case "proxmox_login":
      return { after, hosts: [] };
    case "proxmox_add":
    case "proxmox_remove":
      proxmoxChanged(after.proxmoxes, change);
      return { after, hosts: [] };
    case "guest_attach":
    case "guest_detach": {
      const guest = proxmoxChanged(after.proxmoxes, change);
      const [first] = after.vpses;
      const line = guest ? `forward 25565 tcp+udp on ${first?.endpoint ?? ""} to ${guest.address}` : "";
      return { after, hosts: first ? [{ name: first.name, changes: [line] }] : [], guest };
    }
    case "host_repair":
      return {
        after,
        hosts: [
          {
            name: change.host,
            changes: [
              "load generation 9 again: the rule of 8211/udp is gone",
              "set net.ipv4.ip_forward to 1",
            ],
          },
        ],
      };
    case "host_rollback":
      return {
        after,
        hosts: [
          {
            name: change.host,
            changes: [`put generation ${change.generation ?? 8} back in force, as a new one`],
          },
        ],
      };
  }
}

function rename(after: Inventory, from: string, to: string): void {
  for (const one of after.vpses) if (one.name === from) one.name = to;
  for (const one of after.peers) {
    if (one.name === from) one.name = to;
    if (one.vps_name === from) one.vps_name = to;
  }
  for (const one of after.forwards) {
    if (one.peer_name === from) one.peer_name = to;
    if (one.vps_name === from) one.vps_name = to;
  }
}

function addPeer(after: Inventory, change: Extract<Change, { change: "peer_add" }>): Outcome {
  if (after.peers.some((one) => one.name === change.name))
    return fail("bad_input.name", `There is a peer “${change.name}” already.`);
  const on =
    after.vpses.find((one) => one.name === change.vps) ??
    after.vpses[0] ??
    fail("not_found", "There is no VPS yet.");
  const manual = change.setup.setup === "manual";
  const address = on.addresses.includes(change.ip) ? change.ip : (on.addresses.at(-1) ?? on.endpoint);
  const made = peer(change.name, on, address, after.peers.length + 1, {
    kind: manual ? "manual" : "linux",
    set_up: false,
  });
  after.peers.push(made);
  if (change.route) after.routes[made.name] = change.route;
  const hosts: Outcome["hosts"] = [
    {
      name: on.name,
      changes: [
        `let peer ${made.name} in with ${made.tunnel_ip} and ${made.vm_network}; it leaves as ${made.public_ip}`,
      ],
    },
  ];
  if (manual) return { after, hosts, manual: made.name };
  hosts.push({
    name: made.name,
    kind: "set_up",
    changes: [
      `connect ww0 to VPS ${on.name} at ${on.endpoint}:51820 and give VMs ${made.vm_network} on wwbr0`,
    ],
    packages: ["wireguard-tools", "nftables"],
  });
  return { after, hosts };
}

/** Plans a change, and keeps it under its identifier. */
export function preview(world: World, change: Change): PlanView {
  const made = outcome(world, change);
  recount(made.after);
  const view = planView(world, change.change.replace("_", "."), made);
  world.plans.set(view.id, { view, after: made.after, note: change.change });
  return view;
}

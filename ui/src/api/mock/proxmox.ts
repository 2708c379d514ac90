import type {
  AttachedSight,
  BridgesSight,
  Change,
  GuestAddresses,
  GuestPlan,
  GuestSight,
  NodeSight,
  ProxmoxRow,
  ProxmoxSight,
} from "../generated/types";
import { fail } from "./conflicts";

/** A Proxmox host of the stand-in. */
export interface MockProxmox {
  row: ProxmoxRow;
  nodes: NodeSight[];
  guests: GuestSight[];
  attached: AttachedSight[];
}

const FINGERPRINT =
  "01:E5:FB:48:C4:83:6E:2A:71:64:F6:03:3C:F1:AF:98:39:45:4C:BC:50:8A:42:4D:0E:28:EF:1F:E6:94:8B:47";

const guest = (vmid: number, name: string, more: Partial<GuestSight> = {}): GuestSight => ({
  vmid,
  kind: "vm",
  name,
  node: "pve1",
  state: "running",
  template: false,
  lock: null,
  peers: [],
  ...more,
});

const row = (name: string, endpoint: string, more: Partial<ProxmoxRow> = {}): ProxmoxRow => ({
  name,
  endpoint,
  who: "root@pam!wirewarp",
  version: "9.2.11",
  fingerprint: FINGERPRINT,
  attached: 0,
  ...more,
});

/** A small cluster with a guest of each kind; `many` more of them. */
export function proxmox(many = 0): MockProxmox {
  const more = Array.from({ length: many }, (_, at) =>
    guest(1000 + at, `guest-${at}`, {
      kind: at % 3 === 0 ? "ct" : "vm",
      node: at % 2 === 0 ? "pve1" : "pve2",
      state: at % 4 === 0 ? "stopped" : "running",
    }),
  );
  return {
    row: row("cellar", "192.168.20.5:8006", { attached: 2 }),
    nodes: [
      { name: "pve1", online: true, uptime: 864_000 },
      { name: "pve2", online: false, uptime: null },
    ],
    guests: [
      guest(100, "minecraft", { peers: ["attic"] }),
      guest(101, "<b>web</b>", { kind: "ct" }),
      guest(102, "windows", { lock: "backup" }),
      guest(103, "media", { kind: "ct", state: "stopped", peers: ["attic"] }),
      guest(104, "elsewhere", { node: "pve2", state: "unknown" }),
      guest(900, "debian-13", { state: "stopped", template: true }),
      ...more,
    ],
    attached: [
      attachedTo(100, "minecraft", "10.99.1.2"),
      {
        ...attachedTo(103, "media", "10.99.1.3"),
        kind: "ct",
        differences: ["net0 is name=eth0,bridge=vmbr0 instead of name=eth0,bridge=vmww0"],
      },
    ],
  };
}

const attachedTo = (vmid: number, name: string, address: string): AttachedSight => ({
  vmid,
  kind: "vm",
  name,
  node: "pve1",
  peer: "attic",
  address,
  state: "attached",
  differences: [],
});

export const hostNamed = (hosts: MockProxmox[], name: string): MockProxmox =>
  hosts.find((one) => one.row.name === name) ?? fail("not_found", `There is no Proxmox host “${name}”.`);

export const seen = (host: MockProxmox): ProxmoxSight => ({
  at: new Date().toISOString(),
  nodes: host.nodes,
  guests: host.guests,
});

export function details(host: MockProxmox, vmid: number): GuestAddresses {
  const one =
    host.guests.find((known) => known.vmid === vmid) ?? fail("not_found", "There is no such guest.");
  return {
    at: new Date().toISOString(),
    guest: one,
    nics: [
      {
        key: "net0",
        mac: "BC:24:11:00:00:64",
        bridge: one.peers.length > 0 ? "vmww0" : "vmbr0",
        addresses: one.state === "running" ? ["192.168.20.77/24"] : [],
      },
    ],
    system: one.kind === "ct" ? "Debian" : "Linux",
    silent: one.state === "running" ? null : "The guest does not run.",
  };
}

/** What a change makes of the hosts, and what is done through the API; nothing for other changes. */
export function changed(hosts: MockProxmox[], change: Change): GuestPlan | null {
  if (change.change === "proxmox_add") add(hosts, change);
  if (change.change === "proxmox_remove") hosts.splice(hosts.indexOf(hostNamed(hosts, change.name)), 1);
  if (change.change === "guest_attach")
    return attach(hostNamed(hosts, change.guest.proxmox), change.guest.vmid);
  if (change.change === "guest_detach") return detach(hostNamed(hosts, change.proxmox), change.vmid);
  return null;
}

function add(hosts: MockProxmox[], change: Extract<Change, { change: "proxmox_add" }>): void {
  if (hosts.some((one) => one.row.name === change.name))
    fail("name_taken", `There is a Proxmox host called “${change.name}” already.`);
  if (change.sign_in.with === "password" && change.sign_in.password === "wrong")
    fail("proxmox_login_refused", "The sign-in as root@pam was refused: authentication failure");
  const endpoint = change.url.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  const made = { ...proxmox(), row: row(change.name, endpoint), attached: [] };
  made.guests = made.guests.map((one) => ({ ...one, peers: [] }));
  hosts.push(made);
}

const planOf = (host: MockProxmox, one: GuestSight, address: string): GuestPlan => ({
  proxmox: host.row.name,
  node: one.node,
  kind: one.kind,
  vmid: one.vmid,
  name: one.name,
  address,
  steps: [],
  changes: [],
  notes: [],
});

function attach(host: MockProxmox, vmid: number): GuestPlan {
  const one =
    host.guests.find((known) => known.vmid === vmid) ?? fail("not_found", "There is no such guest.");
  const address = `10.99.1.${2 + host.attached.length}`;
  one.peers = ["attic"];
  host.attached = [
    ...host.attached.filter((known) => known.vmid !== vmid),
    attachedTo(vmid, one.name, address),
  ];
  host.row.attached = host.attached.length;
  return {
    ...planOf(host, one, address),
    steps: [
      "make the bridge vmww0 on pve1: 10.99.1.1/24, without a port, there after every boot",
      "put the network of pve1 into force, and read it back",
      `change net1 of VM ${vmid}`,
    ],
    changes: [{ name: "net1", before: null, after: "virtio=BC:24:11:6A:01:02,bridge=vmww0,firewall=0" }],
    notes: [`The node gives the card ${address} by DHCP.`],
  };
}

function detach(host: MockProxmox, vmid: number): GuestPlan {
  const one =
    host.guests.find((known) => known.vmid === vmid) ?? fail("not_found", "There is no such guest.");
  const old = host.attached.find((known) => known.vmid === vmid);
  one.peers = [];
  host.attached = host.attached.filter((known) => known.vmid !== vmid);
  host.row.attached = host.attached.length;
  return {
    ...planOf(host, one, old?.address ?? "10.99.1.2"),
    steps: [`change net1 of VM ${vmid}`],
    changes: [{ name: "net1", before: "virtio=BC:24:11:6A:01:02,bridge=vmww0,firewall=0", after: null }],
  };
}

/** The bridges of its nodes that answer. */
export function bridges(host: MockProxmox): BridgesSight {
  const bridge = (name: string, more: Partial<BridgesSight["bridges"][number]>) => ({
    node: "pve1",
    name,
    active: true,
    address: null,
    ports: "",
    peer: null,
    pending: null,
    ...more,
  });
  const peer = host.attached.find((one) => one.peer !== null)?.peer ?? null;
  return {
    at: new Date().toISOString(),
    bridges: [
      bridge("vmbr0", { address: "192.168.20.5/24", ports: "enp3s0" }),
      bridge("vmbr7", { active: false, pending: "+auto vmbr7\n+iface vmbr7 inet manual\n" }),
      ...(peer === null ? [] : [bridge("vmww0", { address: "10.99.1.1/24", peer })]),
    ],
    silent: host.nodes
      .filter((node) => !node.online)
      .map(({ name }) => ({ name, why: "it did not answer within 15 s" })),
  };
}

import type { CommandName, Commands } from "../generated/commands";
import type {
  ActivityFilter,
  ActivityPage,
  ForwardRow,
  HostPage,
  PeerPage,
  VpsPage,
} from "../generated/types";
import { alertCommands } from "./alerts";
import { clientCommands } from "./clients";
import { driftOf } from "./drift";
import { analysis } from "./analysis";
import { collecting, figures, past, quality } from "./figures";
import * as jobs from "./jobs";
import { logLines, supportBundle } from "./log";
import { conflicts, fail } from "./conflicts";
import { preview } from "./plans";
import * as proxmox from "./proxmox";
import { planFiles, planView } from "./shown";
import { parseTarget, probe } from "./probe";
import type { MockTerminals } from "./terminal";
import { id, type World } from "./world";

type Handlers = {
  [K in CommandName]: (args: Commands[K]["args"]) => Commands[K]["result"] | Promise<Commands[K]["result"]>;
};

/** Every command over the stand-in's world. */
export function commands(world: World, voice: jobs.Voice, terminals: MockTerminals): Handlers {
  const job = (jobId: string) =>
    world.jobs.find((one) => one.id === jobId) ?? fail("not_found", "There is no such job any more.");
  const stored = (plan: string) =>
    world.plans.get(plan) ?? fail("plan_gone", "This plan is too old.", "Make it again.");
  const forward = (forwardId: string): ForwardRow =>
    world.forwards.find((one) => one.id === forwardId) ?? fail("not_found", "There is no such forward.");
  return {
    list_vpses: () => world.vpses,
    list_peers: () => world.peers,
    list_forwards: () => world.forwards,
    vps_details: ({ name }) => vpsPage(world, name),
    peer_details: ({ name }) => peerPage(world, name),
    live: () => world.live,
    status: ({ hosts }) => {
      const looked = world.live.filter((one) => hosts.length === 0 || hosts.includes(one.name));
      for (const one of looked) {
        if (!one.error) one.at = Date.now();
        for (const tunnel of one.tunnels)
          if (tunnel.up)
            Object.assign(tunnel, { received: tunnel.received + 4_000_000, sent: tunnel.sent + 21_000_000 });
        voice.say("status", one);
      }
      return looked;
    },
    figures: ({ hosts }) => figures(world, hosts),
    past: ({ of, stretch }) => of.map((one) => past(one, stretch)),
    analysis: ({ stretch, vps }) => analysis(world, stretch, vps),
    measure_tunnel: ({ peer }) => {
      const row = world.peers.find((one) => one.name === peer) ?? fail("not_found", "There is no such peer.");
      return quality(row.name, row.id, Math.floor(Date.now() / 1000));
    },
    log_lines: ({ query }) => (world.vpses.length === 0 ? [] : logLines(query)),
    save_support_bundle: supportBundle,
    collecting,
    ...clientCommands(() => world),
    ...alertCommands(() => world.alerting),
    list_proxmoxes: () => world.proxmoxes.map((one) => one.row),
    proxmox_guests: ({ name }) => proxmox.seen(proxmox.hostNamed(world.proxmoxes, name)),
    proxmox_guest: ({ name, vmid }) => proxmox.details(proxmox.hostNamed(world.proxmoxes, name), vmid),
    proxmox_bridges: ({ name }) => proxmox.bridges(proxmox.hostNamed(world.proxmoxes, name)),
    proxmox_attached: ({ name }) => proxmox.hostNamed(world.proxmoxes, name).attached,
    trust_proxmox: ({ name }) => proxmox.hostNamed(world.proxmoxes, name).row.fingerprint,
    drift: ({ host }) => driftOf(world, host),
    preview_change: ({ change }) => {
      if (change.change === "forward_add") {
        const [first] = conflicts(world, change.draft, null);
        if (first) fail(first.code, first.message, ...first.hints);
      }
      return preview(world, change);
    },
    preview_pending: ({ hosts }) => {
      const names = world.pending.filter((one) => hosts.length === 0 || hosts.includes(one.name));
      const made = {
        after: {
          vpses: world.vpses,
          peers: world.peers,
          forwards: world.forwards,
          mtus: world.mtus,
          routes: world.routes,
          proxmoxes: world.proxmoxes,
        },
        hosts: names.map((one) => ({
          name: one.name,
          changes: [
            "shut peer lab out with 10.0.2.7 and 10.99.6.0/24",
            "no longer forward 443->8443 tcp on 192.0.2.44 to “staging” at 10.99.6.2 behind lab",
          ],
        })),
      };
      const view = planView(world, "apply", made);
      world.plans.set(view.id, { view, after: made.after, note: "pending" });
      return view;
    },
    plan: ({ plan }) => stored(plan).view,
    plan_files: ({ plan, host }) => planFiles(stored(plan).view, host),
    record_plan: ({ plan }) => {
      const { view, after } = stored(plan);
      Object.assign(world, structuredClone(after));
      view.recorded = true;
      for (const one of view.hosts)
        if (!world.pending.some((p) => p.name === one.name))
          world.pending.push({ name: one.name, why: one.kind === "set_up" ? "new" : "changed" });
      voice.say("changed", { subjects: ["inventory", "activity"] });
      return view;
    },
    apply_plan: ({ plan }) => jobs.apply(world, voice, plan),
    pending: () => ({ hosts: world.pending }),
    conflicts: ({ draft, own }) => conflicts(world, draft, own),
    jobs: () => world.jobs,
    job: ({ id: jobId }) => job(jobId),
    cancel_job: ({ id: jobId }) => jobs.cancel(world, voice, jobId),
    retry_job: ({ id: jobId }) => {
      const old = job(jobId);
      return old.plan ? jobs.apply(world, voice, old.plan) : jobs.check(world, voice, []);
    },
    forget_jobs: ({ ids }) => {
      world.jobs = world.jobs.filter((one) => !ids.includes(one.id) || one.state === "running");
      return null;
    },
    questions: () => world.questions,
    answer_question: ({ id: questionId, answer }) => {
      world.questions = world.questions.filter((one) => one.id !== questionId);
      voice.say("question_closed", { id: questionId });
      pendingAnswers.get(questionId)?.(answer.answer !== "no");
      pendingAnswers.delete(questionId);
      return null;
    },
    check: ({ forwards }) => jobs.check(world, voice, forwards),
    check_results: () => world.checks,
    activity: ({ filter, page }) => activityPage(world, filter, page.offset, page.limit),
    operation: ({ id: operation }) =>
      world.operations.find((one) => one.id === operation) ??
      fail("not_found", "There is no such operation."),
    templates: () => world.templates,
    save_template: ({ name, ports }) => {
      if (!/\d+ (tcp|udp)/.test(ports))
        fail("bad_input.template", `“${ports}” has no protocol; write e.g. “25565 tcp+udp, 19132 udp”`);
      world.templates = [
        ...world.templates.filter((one) => one.name !== name),
        { name, title: "", kind: "own", ports, source: "", own: true },
      ];
      return world.templates;
    },
    remove_template: ({ name }) => {
      world.templates = world.templates.filter((one) => one.name !== name);
      return world.templates;
    },
    settings: () => world.settings,
    set_settings: ({ settings }) => {
      world.settings = settings;
      return settings;
    },
    about: () => ({
      version: "0.1.0",
      tauri: "2.12.5",
      webview: "2.48.3",
      os: "linux",
      data_dir: "/home/nora/.local/share/wirewarp",
      log_file: "/home/nora/.local/share/wirewarp/wirewarp.log",
      secrets: "keychain",
      tray: true,
      updates: false,
      licence: "AGPL-3.0-or-later",
      repository: "https://github.com/wirewarp/wirewarp",
    }),
    newer_version: () => null,
    install_update: () => null,
    ssh_config_hosts: () => world.sshHosts,
    parse_target: ({ text }) => parseTarget(world, text),
    probe_host: async ({ login }) => {
      if (!login.trust) await askForKey(world, voice, login.target);
      return probe(world, login);
    },
    trust_host: ({ host }) => {
      reinstalled(world, voice, host);
      return "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8";
    },
    client_config: ({ peer }) => clientConfig(world, peer),
    keep_client_key: ({ peer, keep }) => {
      if (keep) world.keptKeys.add(peer);
      else world.keptKeys.delete(peer);
      return clientConfig(world, peer);
    },
    save_client_config: ({ peer }) => `/home/nora/${peer}.conf`,
    export_csv: ({ what }) => `/home/nora/${what.table}.csv`,
    save_text: ({ file_name }) => `/home/nora/${file_name}`,
    share_text: ({ forward: forwardId }) => {
      const one = forward(forwardId);
      const name = world.settings.dns_names[one.public_ip] ?? one.public_ip;
      return `Join: ${name}:${one.ports.split(/[,-]/)[0]}`;
    },
    check_dns: ({ name, address }) => {
      const ok = !name.includes("wrong");
      return {
        ok,
        addresses: [ok ? address : "192.0.2.99"],
        message: ok
          ? `${name} leads to ${address}.`
          : `${name} leads to 192.0.2.99, not to ${address}. Change its A record.`,
      };
    },
    open_link: () => null,
    open_data_dir: () => null,
    terminal_open: ({ host, output }) =>
      terminals.start(host, output as unknown as (bytes: ArrayBuffer) => void),
    terminal_write: ({ id: terminal, text }) => {
      terminals.write(terminal, text);
      return null;
    },
    terminal_ack: ({ id: terminal, bytes }) => {
      terminals.ack(terminal, bytes);
      return null;
    },
    terminal_resize: () => null,
    terminal_close: ({ id: terminal }) => {
      terminals.close(terminal);
      return null;
    },
    quit: () => null,
  };
}

const pendingAnswers = new Map<string, (yes: boolean) => void>();

async function askForKey(world: World, voice: jobs.Voice, target: string): Promise<void> {
  const question = {
    id: id("0008"),
    at: Date.now(),
    ask: {
      ask: "host_key" as const,
      endpoint: `${target.replace(/^.*@/, "")}:22`,
      algorithm: "ssh-ed25519",
      fingerprint: "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8",
    },
  };
  world.questions.push(question);
  voice.say("question", question);
  const yes = await new Promise<boolean>((done) => pendingAnswers.set(question.id, done));
  if (!yes)
    fail(
      "host_key_refused",
      "The host key was not trusted, so nothing was sent.",
      "Compare the fingerprint with the one in your provider's console, then try again.",
    );
}

/** A host that answers with another key has nothing of what was applied. */
function reinstalled(world: World, voice: jobs.Voice, name: string): void {
  const live = world.live.find((one) => one.name === name);
  if (live?.error?.code !== "host_key_changed") return;
  Object.assign(live, { at: Date.now(), health: "changes_waiting", generation: 0, error: null });
  world.pending.push({ name, why: "lost" });
  voice.say("status", live);
  voice.say("changed", { subjects: ["inventory", "activity"] });
}

function hostPage(world: World, name: string, address: string): HostPage {
  const live = world.live.find((one) => one.name === name) ?? null;
  return {
    id: `host-${name}`,
    name,
    access: {
      kind: "ssh",
      short: `root@${address}`,
      address,
      port: null,
      user: "root",
      key_file: `/home/nora/.ssh/id_ed25519`,
      agent: false,
      password: false,
      sudo_password: false,
      jump: null,
      through_tunnel: false,
    },
    applied: live?.generation ?? 0,
    live,
    facts: {
      at: live?.at ?? Date.now() - 86_400_000,
      hostname: name,
      system: live?.system ?? "Debian GNU/Linux 12 (bookworm)",
      kernel: "6.12.38+deb13-amd64",
      machine: "x86_64",
      container: null,
      kernel_wireguard: true,
      sshd_ports: [22],
      interfaces: [
        { name: "eth0", kind: "", up: true, mtu: 1500, addresses: [`${address}/24`] },
        { name: "ww0", kind: "wireguard", up: true, mtu: 1420, addresses: ["10.0.0.1/24"] },
        { name: "docker0", kind: "bridge", up: true, mtu: 1500, addresses: ["172.17.0.1/16"] },
      ],
      firewalls: ["Docker: table ip filter, chain FORWARD: policy drop"],
      packages: ["conntrack", "nftables", "wireguard-tools"],
    },
  };
}

function vpsPage(world: World, name: string): VpsPage {
  const row =
    world.vpses.find((one) => one.name === name) ??
    fail(
      "not_found",
      `There is no VPS “${name}”.`,
      `There is: ${world.vpses
        .slice(0, 5)
        .map((one) => one.name)
        .join(", ")}`,
    );
  const peers = world.peers.filter((one) => one.vps === row.id);
  return {
    row,
    pool: row.addresses.map((address) => {
      const here = peers.filter((one) => one.public_ip === address);
      const forwards = world.forwards.filter((one) => one.public_ip === address);
      return {
        address,
        on_host: address,
        interface: "eth0",
        active: !world.disabled.has(address),
        is_endpoint: address === row.endpoint,
        peers: here.map((one) => one.name),
        forwards: forwards.length,
        ports: forwards.length * 3,
        dns_name: world.settings.dns_names[address] ?? null,
      };
    }),
    peers,
    public_key: row.set_up ? "7Qk3dPJm0s1oXkq8vEYc2mQbE0u3dWcV5pYw9s1oTXk=" : null,
    host: hostPage(world, name, row.endpoint),
  };
}

function peerPage(world: World, name: string): PeerPage {
  const row =
    world.peers.find((one) => one.name === name) ??
    fail("not_found", `There is no peer “${name}”.`, "See the list of peers.");
  return {
    row,
    forwards: world.forwards.filter((one) => one.peer === row.id),
    tunnel: world.live.flatMap((one) => one.tunnels).find((one) => one.peer === name) ?? null,
    public_key: row.set_up ? "pL0nKx2eFv5c7tq1bZs8WmY3oR4uD6hG9jA0iNfTyE4=" : null,
    mtu: 1420,
    mtu_origin: row.kind === "manual" ? "assumed" : "measured",
    ...world.mtus[name],
    route: world.routes[name] ?? "replies",
    tunnel_interface: "ww0",
    manual_mode: row.kind === "manual" ? "full_tunnel" : null,
    host: row.host ? hostPage(world, row.host, "192.168.20.10") : null,
  };
}

function activityPage(world: World, filter: ActivityFilter, offset: number, limit: number): ActivityPage {
  const wanted = filter.text.toLowerCase();
  const rows = world.activity.filter(
    (one) =>
      (wanted === "" ||
        `${one.what} ${one.who} ${one.object} ${one.action}`.toLowerCase().includes(wanted)) &&
      (!filter.kind || one.kind === filter.kind) &&
      (!filter.failed || one.state === "failed" || one.state === "rolled_back") &&
      (filter.from === null || one.at >= filter.from),
  );
  return { rows: rows.slice(offset, offset + limit), total: rows.length };
}

function clientConfig(world: World, peer: string) {
  const squares = Array.from({ length: 29 * 29 }, (_, n) =>
    ((n * 7919) ^ (n >> 3)) % 3 === 0
      ? `<rect x="${n % 29}" y="${Math.floor(n / 29)}" width="1" height="1"/>`
      : "",
  ).join("");
  return {
    text: "[Interface]\nPrivateKey = (a key of the stand-in)\nAddress = 10.0.0.6/32\n\n[Peer]\nPublicKey = 7Qk3dPJm0s1oXkq8vEYc2mQbE0u3dWcV5pYw9s1oTXk=\nEndpoint = 203.0.113.10:51820\nAllowedIPs = 0.0.0.0/0\nPersistentKeepalive = 25\n",
    qr_svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 33 33"><rect x="-2" y="-2" width="33" height="33" fill="#fff"/>${squares}</svg>`,
    file_name: `${peer}.conf`,
    kept: world.keptKeys.has(peer),
  };
}

import type { Finding, ForwardDraft, PeerRow } from "../generated/types";
import { ApiError } from "../errors";
import { overlap, ranges } from "./ports";
import type { World } from "./world";

export const fail = (code: string, message: string, ...hints: string[]): never => {
  throw new ApiError({ code, message, hints });
};

/** What stands against a draft: a mistake in its text, or a port that somebody has. */
export function conflicts(world: World, draft: ForwardDraft, own: string | null): Finding[] {
  const of = world.peers.find((one) => one.name === draft.peer);
  if (!of) return [];
  return portsOf(world, draft).flatMap((wanted) => {
    if (wanted.protocols !== "all" && !ranges(wanted.ports)) {
      return fail("bad_input.ports", `“${wanted.ports}” is not a port; ports are 1 to 65535`);
    }
    const sshd = overlap(wanted, { ports: "22", protocols: "tcp" });
    const found = sshd
      ? [
          finding(
            "sshd_port",
            of,
            `22/tcp on ${of.public_ip} is the port by which ${of.vps_name} is reached over SSH`,
          ),
        ]
      : [];
    for (const other of world.forwards) {
      if (other.public_ip !== of.public_ip || other.id === own) continue;
      const clash = overlap(wanted, other);
      if (!clash) continue;
      const { first, last } = clash.range;
      const range = first === last ? String(first) : `${first}-${last}`;
      const owner = other.label ? `“${other.label}”` : "a forward";
      found.push(
        finding(
          "port_taken",
          of,
          `${range}/${clash.protocol} on ${of.public_ip} is ${owner} on peer ${other.peer_name}`,
        ),
      );
    }
    return found;
  });
}

const finding = (code: string, of: PeerRow, message: string): Finding => ({
  code,
  severity: "error",
  message,
  hints: ["Choose another public port, or give the peer another public IP"],
  subject: { kind: "peer", id: of.id },
});

export function portsOf(world: World, draft: ForwardDraft): { ports: string; protocols: string }[] {
  const template = world.templates.find((one) => one.name === draft.template);
  if (!template)
    return [
      draft.ports === "all"
        ? { ports: "", protocols: "all" }
        : { ports: draft.ports, protocols: draft.protocols || "tcp" },
    ];
  const groups: { ports: string; protocols: string }[] = [];
  let waiting: string[] = [];
  for (const part of template.ports.split(",")) {
    const [ports = "", protocol] = part.trim().split(/\s+/);
    waiting.push(ports);
    if (!protocol) continue;
    groups.push({ ports: waiting.join(","), protocols: protocol === "tcp+udp" ? "both" : protocol });
    waiting = [];
  }
  return groups;
}

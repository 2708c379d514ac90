import type { ForwardCheck, ForwardRow, Hop, HopCheck, HopState } from "../generated/types";

const TITLES: Record<Hop, string> = {
  name: "name",
  provider_firewall: "public IP",
  vps_rule: "VPS rule",
  tunnel: "tunnel",
  peer_routing: "peer",
  guest: "machine",
  program: "program",
};

const HOPS = Object.keys(TITLES) as Hop[];

const firstPort = (ports: string) => Number.parseInt(ports, 10) || 443;

/** What a check of this forward finds in the stand-in. */
export function checkOf(forward: ForwardRow): ForwardCheck {
  const port = firstPort(forward.ports);
  const protocol = forward.protocols === "both" ? "udp" : forward.protocols;
  const base = {
    id: forward.id,
    forward: forward.id.slice(0, 8),
    title: `${port}/${protocol} on ${forward.public_ip}${forward.label ? ` (${forward.label})` : ""}`,
    port,
  };
  if (forward.state !== "on") return off(base, forward);
  if (forward.label === "valheim") return silentProgram(base, forward);
  if (forward.label === "palworld" || forward.label === "build agents") return deadTunnel(base, forward);
  if (forward.protocols === "udp") return delivered(base, forward);
  return works(base, forward);
}

type Base = Pick<ForwardCheck, "id" | "forward" | "title" | "port">;

function hops(failed: Hop | null, why: Partial<Record<Hop, string>>): HopCheck[] {
  let state: HopState = "proved";
  return HOPS.map((hop) => {
    if (hop === failed) state = "failed";
    const one = { hop, title: TITLES[hop], state, why: state === "not_reached" ? "" : (why[hop] ?? "") };
    if (state === "failed") state = "not_reached";
    return one;
  });
}

const proofs = (f: ForwardRow, port: number): Partial<Record<Hop, string>> => ({
  name: `play.example.org leads to ${f.public_ip}.`,
  provider_firewall: `Packets for ${f.public_ip}:${port} arrive at ${f.vps_name}.`,
  vps_rule: `${f.vps_name} sends ${f.public_ip}:${port} to ${f.target}.`,
  tunnel: `${f.vps_name} and ${f.peer_name} agreed on keys 41 s ago.`,
  peer_routing: `${f.peer_name} passes it on to ${f.target}.`,
  guest: `${f.target} answers on its network.`,
  program: `The program on ${f.target}:${port} answered in 41 ms.`,
});

function works(base: Base, f: ForwardRow): ForwardCheck {
  const game = f.template === "minecraft";
  return {
    ...base,
    ok: true,
    verdict: game
      ? "Minecraft answered: “A quiet place”, 2 of 20 players, 41 ms."
      : `A connection to ${f.public_ip}:${base.port} stood within 38 ms and was held.`,
    outcome: { kind: "works" },
    hops: hops(null, proofs(f, base.port)),
    hints: [],
    reach: game
      ? {
          kind: "answered",
          round_trip_ms: 41,
          details: {
            kind: "game",
            game: "Minecraft",
            name: "A quiet place",
            version: "1.21.4",
            map: null,
            players: [2, 20],
          },
        }
      : { kind: "connected", round_trip_ms: 38, said: null, closed: false, unanswered: null },
  };
}

function delivered(base: Base, f: ForwardRow): ForwardCheck {
  return {
    ...base,
    ok: true,
    verdict: `The packet reached ${f.target}; the program keeps silent, as many do over UDP. That is as far as it can be proved.`,
    outcome: { kind: "delivered" },
    hops: hops(null, { ...proofs(f, base.port), program: "The program took the packet and did not answer." }),
    hints: [],
    reach: { kind: "silent", sent: 3 },
  };
}

function silentProgram(base: Base, f: ForwardRow): ForwardCheck {
  return {
    ...base,
    ok: false,
    verdict: `The packet reached ${f.target} and nothing listens on UDP ${base.port}. Is the game server running?`,
    outcome: { kind: "fails", hop: "program" },
    hops: hops("program", {
      ...proofs(f, base.port),
      program: `Nothing listens on UDP ${base.port} of ${f.target}.`,
    }),
    hints: [
      `Start the server on ${f.target}, or look there with: ss -lunp | grep ${base.port}`,
      "If it runs, see whether it listens on 0.0.0.0 and not on 127.0.0.1 alone.",
    ],
    reach: { kind: "refused" },
  };
}

function deadTunnel(base: Base, f: ForwardRow): ForwardCheck {
  return {
    ...base,
    ok: false,
    verdict: `${f.vps_name} last heard from ${f.peer_name} 41 min ago; the tunnel is down.`,
    outcome: { kind: "fails", hop: "tunnel" },
    hops: hops("tunnel", {
      ...proofs(f, base.port),
      tunnel: `No handshake for 41 min; the last was from 198.18.44.42:51820.`,
    }),
    hints: [
      `See whether ${f.peer_name} runs and has its internet connection.`,
      `If it does: open a terminal on it and run: wg show ww0`,
    ],
    reach: { kind: "timed_out" },
  };
}

function off(base: Base, f: ForwardRow): ForwardCheck {
  return {
    ...base,
    ok: false,
    verdict: `The forward of ${f.public_ip}:${base.port} is switched off.`,
    outcome: { kind: "fails", hop: "vps_rule" },
    hops: hops("vps_rule", { ...proofs(f, base.port), vps_rule: "The forward is switched off." }),
    hints: ["Switch it on."],
    reach: { kind: "timed_out" },
  };
}

import type { LoginForm, ParsedTarget, Probe } from "../generated/types";
import { fail } from "./conflicts";
import type { World } from "./world";

export function parseTarget(world: World, text: string): ParsedTarget {
  const words = text
    .trim()
    .replace(/^ssh\s+/, "")
    .split(/\s+/);
  const parsed: ParsedTarget = { address: "", user: "", port: null, jump: "", key_file: "", is_alias: false };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word === "-p") parsed.port = Number(words[(at += 1)]) || null;
    else if (word === "-i") parsed.key_file = words[(at += 1)] ?? "";
    else if (word === "-J") parsed.jump = words[(at += 1)] ?? "";
    else if (word.startsWith("-"))
      return fail(
        "bad_input.target",
        `The option ${word} of ssh is not known here; user, port, key and jump host are.`,
      );
    else {
      const [address = "", user = ""] = word.split("@").reverse();
      Object.assign(parsed, { address, user });
    }
  }
  if (!/^[\w.:-]+$/.test(parsed.address))
    fail(
      "bad_input.target",
      "Write an address such as root@203.0.113.10, a name, or an alias of your SSH configuration",
    );
  parsed.is_alias = world.sshHosts.some((one) => one.alias === parsed.address);
  return parsed;
}

export function probe(world: World, login: LoginForm): Probe {
  const parsed = parseTarget(world, login.target);
  if (login.method.method === "password" && login.method.password === "wrong") {
    fail(
      "auth_failed",
      `${parsed.user || "root"}@${parsed.address} did not accept the password.`,
      "Check the password, and whether the host lets this user log in with one.",
      "A key is better: paste its path, or choose the agent.",
    );
  }
  return {
    endpoint: `${parsed.address}:${parsed.port ?? 22}`,
    fingerprint: "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8",
    user: parsed.user || "root",
    privilege: parsed.user && parsed.user !== "root" ? "sudo" : "root",
    hostname: "debian-2gb-nyc3",
    system: "Debian GNU/Linux 13 (trixie)",
    kernel: "6.12.38+deb13-amd64",
    kernel_wireguard: true,
    public_ips: ["203.0.113.77", "203.0.113.78"],
    findings: [
      {
        code: "input_drop",
        severity: "warning",
        message: "A firewall there drops what it does not know (ufw is on).",
        hints: ["WireWarp opens UDP 51820 and the forwarded ports in its own table; ufw's rules stay."],
        subject: { kind: "host", id: "x" },
      },
      {
        code: "docker",
        severity: "note",
        message: "Docker runs there, with 3 published ports. They stay as they are.",
        hints: [],
        subject: { kind: "host", id: "x" },
      },
    ],
    known_as: world.vpses.find((one) => one.endpoint === parsed.address)?.name ?? null,
    ms: 840,
  };
}

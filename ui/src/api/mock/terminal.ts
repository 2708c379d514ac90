import type { TerminalNews } from "../generated/types";
import { id } from "./world";

interface Open {
  host: string;
  take: (bytes: ArrayBuffer) => void;
  line: string;
  unacknowledged: number;
  flood: ReturnType<typeof setInterval> | null;
}

const LIMIT = 256 * 1024;
const encoder = new TextEncoder();

/** Shells that know a few commands, so that the page can be tried: `ls`, `yes`, `colours`, `exit`. */
export class MockTerminals {
  private readonly open = new Map<string, Open>();
  private readonly say: (id: string, news: TerminalNews) => void;

  constructor(say: (id: string, news: TerminalNews) => void) {
    this.say = say;
  }

  start(host: string, take: (bytes: ArrayBuffer) => void): string {
    const key = id("0007");
    this.open.set(key, { host, take, line: "", unacknowledged: 0, flood: null });
    setTimeout(() => {
      this.print(
        key,
        `Linux ${host} 6.12.38+deb13-amd64 x86_64\r\nLast login: Sat Nov 21 19:02:11 from 10.0.0.2\r\n`,
      );
      this.prompt(key);
    }, 20);
    return key;
  }

  write(key: string, text: string): void {
    const shell = this.open.get(key);
    if (!shell) return;
    for (const char of text) {
      if (char === "\x03") {
        if (shell.flood) clearInterval(shell.flood);
        shell.flood = null;
        shell.line = "";
        this.print(key, "^C\r\n");
        this.prompt(key);
      } else if (char === "\r") {
        this.print(key, "\r\n");
        this.run(key, shell, shell.line);
        shell.line = "";
      } else if (char === "\x7f") {
        if (shell.line) this.print(key, "\b \b");
        shell.line = shell.line.slice(0, -1);
      } else {
        shell.line += char;
        this.print(key, char);
      }
    }
  }

  ack(key: string, bytes: number): void {
    const shell = this.open.get(key);
    if (shell) shell.unacknowledged = Math.max(0, shell.unacknowledged - bytes);
  }

  close(key: string): void {
    const shell = this.open.get(key);
    if (shell?.flood) clearInterval(shell.flood);
    if (this.open.delete(key)) this.say(key, { news: "ended", end: { end: "closed" } });
  }

  private run(key: string, shell: Open, line: string): void {
    const command = line.trim();
    if (command === "exit") {
      this.open.delete(key);
      this.say(key, { news: "ended", end: { end: "exit", code: 0 } });
      return;
    }
    if (command === "yes") {
      shell.flood = setInterval(() => {
        if (shell.unacknowledged < LIMIT) this.print(key, "y\r\n".repeat(4000));
      }, 4);
      return;
    }
    const answers: Record<string, string> = {
      "wg show":
        "\x1b[32minterface\x1b[0m: ww0\r\n  public key: 7Qk3…\r\n  listening port: 51820\r\n\r\n\x1b[33mpeer\x1b[0m: pL0n…\r\n  endpoint: 198.18.44.35:51820\r\n  allowed ips: 10.0.0.2/32, 10.99.1.0/24\r\n  latest handshake: 41 seconds ago\r\n",
      link: "https://www.wireguard.com/quickstart/\r\n",
      colours:
        Array.from({ length: 8 }, (_, n) => `\x1b[3${n}m colour ${n} \x1b[9${n}m bright ${n} \x1b[0m`).join(
          "\r\n",
        ) + "\r\n",
      ls: "\x1b[34mgenerations\x1b[0m  current  packages  ww0.key\r\n",
    };
    this.print(key, answers[command] ?? (command ? `-bash: ${command}: command not found\r\n` : ""));
    this.prompt(key);
  }

  private prompt(key: string): void {
    const shell = this.open.get(key);
    if (shell) this.print(key, `\x1b[32mroot@${shell.host}\x1b[0m:\x1b[34m/etc/wirewarp\x1b[0m# `);
  }

  private print(key: string, text: string): void {
    const shell = this.open.get(key);
    if (!shell) return;
    const bytes = encoder.encode(text);
    shell.unacknowledged += bytes.length;
    shell.take(bytes.buffer.slice(0));
  }
}

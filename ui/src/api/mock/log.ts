import type { LogForm, LogRow, SupportBundleView } from "../generated/types";

const LEVELS = ["error", "warn", "info", "debug", "trace"];

const LINES: Omit<LogRow, "at" | "program" | "pid">[] = [
  { level: "info", module: "wirewarp_remote::ssh", message: "connected", details: "host=nyc port=22" },
  {
    level: "info",
    module: "wirewarp_engine::apply",
    message: "the change is confirmed",
    details: "host=nyc generation=7",
  },
  { level: "warn", module: "wirewarp_engine::watch", message: "a poll failed", details: "host=sgp tries=2" },
  {
    level: "error",
    module: "wirewarp_notify",
    message: "the mail was not taken",
    details: "channel=family code=550",
  },
];

/** The stand-in's own log. */
export function logLines(query: LogForm): LogRow[] {
  const now = Date.now();
  return Array.from({ length: 60 }, (_, at): LogRow => {
    const line = LINES[at % LINES.length] ?? { level: "info", module: "", message: "", details: "" };
    return { ...line, at: now - at * 41_000, program: at % 9 === 0 ? "command" : "window", pid: 4711 };
  })
    .filter((line) => query.level === null || LEVELS.indexOf(line.level) <= LEVELS.indexOf(query.level))
    .filter((line) => query.module === null || line.module.startsWith(query.module))
    .filter((line) =>
      `${line.message} ${line.details} ${line.module}`.toLowerCase().includes(query.text.toLowerCase()),
    );
}

export const supportBundle = (): SupportBundleView => ({
  path: "/home/anna/wirewarp-support.tar.gz",
  entries: [
    { name: "about.txt", bytes: 412 },
    { name: "inventory.json", bytes: 18_203 },
    { name: "log.jsonl", bytes: 96_044 },
  ],
  secrets_compared: true,
});

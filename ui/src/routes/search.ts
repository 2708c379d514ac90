/** What the address of a page says beyond its path. Unknown and wrong values are left out, so that any link opens. */

type Raw = Record<string, unknown>;

const text = (raw: Raw, key: string): string | undefined => {
  const value = raw[key];
  return typeof value === "string" && value !== ""
    ? value
    : typeof value === "number"
      ? String(value)
      : undefined;
};

const word =
  <T extends string>(...known: T[]) =>
  (raw: Raw, key: string): T | undefined =>
    known.find((one) => one === raw[key]);

export interface ListSearch {
  q?: string | undefined;
  /** `name`, or `-name` for the other way round. */
  sort?: string | undefined;
}

const list = (raw: Raw): ListSearch => ({ q: text(raw, "q"), sort: text(raw, "sort") });

const health = word("ok", "attention", "unreachable", "unknown");
export interface VpsesSearch extends ListSearch {
  health?: ReturnType<typeof health>;
}
export const vpsesSearch = (raw: Raw): VpsesSearch => ({ ...list(raw), health: health(raw, "health") });

const proxmoxTab = word("bridges");
export interface ProxmoxSearch extends ListSearch {
  node?: string | undefined;
  /** The guest whose drawer is open. */
  guest?: string | undefined;
  tab?: ReturnType<typeof proxmoxTab>;
}
export const proxmoxSearch = (raw: Raw): ProxmoxSearch => ({
  ...list(raw),
  node: text(raw, "node"),
  guest: text(raw, "guest"),
  tab: proxmoxTab(raw, "tab"),
});

const peerStatus = word("up", "down", "suspended", "unknown");
const age = word("day", "week", "month", "year");
export interface PeersSearch extends ListSearch {
  vps?: string | undefined;
  status?: ReturnType<typeof peerStatus>;
  /** Added within this time. */
  added?: ReturnType<typeof age>;
}
export const peersSearch = (raw: Raw): PeersSearch => ({
  ...list(raw),
  vps: text(raw, "vps"),
  status: peerStatus(raw, "status"),
  added: age(raw, "added"),
});

const forwardView = word("visual", "table");
const forwardState = word("on", "off", "suspended", "failing");
export interface ForwardsSearch extends ListSearch {
  view?: ReturnType<typeof forwardView>;
  peer?: string | undefined;
  state?: ReturnType<typeof forwardState>;
  /** The forward whose drawer is open, or `new`. */
  open?: string | undefined;
  /** The public IP of the new one. */
  on?: string | undefined;
}
export const forwardsSearch = (raw: Raw): ForwardsSearch => ({
  ...list(raw),
  view: forwardView(raw, "view"),
  peer: text(raw, "peer"),
  state: forwardState(raw, "state"),
  open: text(raw, "open"),
  on: text(raw, "on"),
});

export const tabSearch = (raw: Raw): { tab?: string | undefined } => ({ tab: text(raw, "tab") });
export const addPeerSearch = (raw: Raw): { vps?: string | undefined } => ({ vps: text(raw, "vps") });
export const terminalSearch = (raw: Raw): { host?: string | undefined } => ({ host: text(raw, "host") });
export const settingsSearch = (raw: Raw): { section?: string | undefined } => ({
  section: text(raw, "section"),
});

/** The question that is open. */
const logLevel = word("error", "warn", "info", "debug");
export interface LogSearch {
  q?: string | undefined;
  level?: ReturnType<typeof logLevel>;
  module?: string | undefined;
}
export const logSearch = (raw: Raw): LogSearch => ({
  q: text(raw, "q"),
  level: logLevel(raw, "level"),
  module: text(raw, "module"),
});

export const helpSearch = (raw: Raw): { q?: string | undefined } => ({ q: text(raw, "q") });

const kind = word("change", "operation");
const since = word("day", "week", "month");
export interface ActivitySearch {
  q?: string | undefined;
  kind?: ReturnType<typeof kind>;
  since?: ReturnType<typeof since>;
  failed?: true | undefined;
}
export const activitySearch = (raw: Raw): ActivitySearch => ({
  q: text(raw, "q"),
  kind: kind(raw, "kind"),
  since: since(raw, "since"),
  failed: raw.failed === true ? true : undefined,
});

const range = word("hour", "day", "week", "month", "year");
const monitoringView = word("analytics");
export interface MonitoringSearch {
  range?: ReturnType<typeof range>;
  vps?: string | undefined;
  view?: ReturnType<typeof monitoringView>;
}
export const monitoringSearch = (raw: Raw): MonitoringSearch => ({
  range: range(raw, "range"),
  vps: text(raw, "vps"),
  view: monitoringView(raw, "view"),
});

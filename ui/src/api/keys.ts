import type { ActivityFilter, ChangedSubject, SeriesRef, StretchForm } from "./generated/types";

/** Names of answers. What begins with the same word is asked for again together. */
export const keys = {
  vpses: ["inventory", "vpses"] as const,
  peers: ["inventory", "peers"] as const,
  forwards: ["inventory", "forwards"] as const,
  vps: (name: string) => ["inventory", "vps", name] as const,
  peer: (name: string) => ["inventory", "peer", name] as const,
  proxmoxes: ["inventory", "proxmoxes"] as const,
  guests: (proxmox: string) => ["inventory", "guests", proxmox] as const,
  guest: (proxmox: string, vmid: number) => ["inventory", "guest", proxmox, vmid] as const,
  attached: (proxmox: string) => ["inventory", "attached", proxmox] as const,
  pending: ["inventory", "pending"] as const,
  clientConfig: (peer: string) => ["inventory", "client-config", peer] as const,
  shares: ["inventory", "share"] as const,
  share: (forward: string) => ["inventory", "share", forward] as const,
  live: ["live"] as const,
  drift: (host: string) => ["drift", host] as const,
  jobs: ["jobs"] as const,
  job: (id: string) => ["job", id] as const,
  questions: ["questions"] as const,
  checks: ["checks"] as const,
  figures: (hosts: readonly string[]) => ["figures", "now", ...hosts] as const,
  past: (of: readonly SeriesRef[], stretch: StretchForm) => ["past", of, stretch] as const,
  alerting: ["alerts", "alerting"] as const,
  fired: ["alerts", "fired"] as const,
  deliveries: ["alerts", "deliveries"] as const,
  analysis: (stretch: StretchForm, vps: string | undefined) =>
    ["past", "analysis", stretch, vps ?? null] as const,
  clients: (forward: string) => ["clients", forward] as const,
  month: (vps: string) => ["alerts", "month", vps] as const,
  collecting: ["figures", "collecting"] as const,
  activity: (filter: ActivityFilter) => ["activity", "list", filter] as const,
  operation: (id: string) => ["activity", "operation", id] as const,
  plan: (id: string) => ["plan", id] as const,
  planFiles: (id: string, host: string) => ["plan", id, host] as const,
  templates: ["templates"] as const,
  settings: ["settings"] as const,
  about: ["about"] as const,
  sshHosts: ["ssh-hosts"] as const,
  target: (text: string) => ["target", text] as const,
};

/** What the program calls it when it changes -> what begins the names of its answers. */
export const subjectKeys: Record<ChangedSubject, readonly string[]> = {
  inventory: ["inventory"],
  activity: ["activity"],
  templates: ["templates"],
  settings: ["settings"],
  checks: ["checks"],
  figures: ["figures"],
  alerts: ["alerts"],
};

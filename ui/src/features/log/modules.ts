/** Parts of the program, as the log names them. */
export const MODULES = [
  "wirewarp_engine",
  "wirewarp_remote",
  "wirewarp_store",
  "wirewarp_proxmox",
  "wirewarp_notify",
  "wirewarp_desktop",
] as const;

/** Gravest first. */
export const LEVELS = ["error", "warn", "info", "debug"] as const;

/** The questions of the help page, in their order. Each is an address of its own: `/help?q=conflict`. */
export const QUESTIONS = [
  "rent",
  "cost",
  "tunnel",
  "vmNetwork",
  "ownTraffic",
  "conflict",
  "provider",
  "real",
  "udp",
  "hang",
  "off",
  "lockout",
  "back",
  "drift",
  "hostKey",
  "others",
  "secrets",
  "manual",
  "remove",
] as const;

export type QuestionKey = (typeof QUESTIONS)[number];

import type { TFunction } from "i18next";
import type { ForwardDraft, ForwardRow } from "@/api/generated/types";

/** `tcp+udp`, as plans and the command write it. */
export const protocolWord = (protocols: ForwardRow["protocols"]): string =>
  protocols === "both" ? "tcp+udp" : protocols;

/** What a forward carries, e.g. `25565`, or that it is everything. */
export const portsWord = (t: TFunction, forward: ForwardRow): string =>
  forward.protocols === "all" ? t("forwards.everything") : forward.ports;

/** What a person calls it: its label, or what it carries. */
export const forwardName = (t: TFunction, forward: ForwardRow): string =>
  forward.label ||
  `${portsWord(t, forward)}${forward.protocols === "all" ? "" : ` ${protocolWord(forward.protocols)}`}`;

export const emptyDraft = (peer: string): ForwardDraft => ({
  peer,
  ports: "",
  protocols: "tcp",
  to: "",
  label: "",
  template: null,
});

/** A forward as it would be typed. */
export const draftOf = (forward: ForwardRow): ForwardDraft => ({
  peer: forward.peer_name,
  ports: forward.protocols === "all" ? "all" : forward.ports,
  protocols: forward.protocols === "all" ? "" : forward.protocols,
  to: forward.target_kind === "peer" ? "peer" : forward.target,
  label: forward.label,
  template: null,
});

import { useMemo } from "react";
import { useNavigate } from "@tanstack/react-router";
import {
  Cable,
  House,
  Pause,
  Play,
  Plus,
  Power,
  Radar,
  Server,
  ShieldCheck,
  SquareTerminal,
  Trash2,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLook } from "@/api/mutations";
import { useForwards, usePeers, useVpses } from "@/api/queries";
import type { ForwardRow, PeerRow, VpsRow } from "@/api/generated/types";
import { toastError } from "@/components/toast";
import { useRunCheck } from "@/features/checks/use-run-check";
import { removeForwards, setForwardsEnabled } from "@/features/forwards/changes";
import { forwardName } from "@/features/forwards/words";
import { setPeersActive } from "@/features/peers/changes";
import type { Act } from "./palette-entries";
import { forwardIndex, peerIndex, search, vpsIndex, wordsOf, type Index } from "@/features/search/rows";

/** Most objects of a kind that are shown at once, and most that an action is offered for. */
const MOST = 8;
const MOST_OF_ACTION = 4;

export interface Group {
  key: string;
  label: string;
  found: Act[];
}

/** An action on an object; none where it does not fit that one. */
type Deed<T> = (row: T) => Act | null;

const nothing: never[] = [];

/** Objects by their names, and what can be done with them: “suspend attic”, or the actions of the one that was found. */
export function useObjects(text: string): Group[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data: vpses = nothing } = useVpses();
  const { data: peers = nothing } = usePeers();
  const { data: forwards = nothing } = useForwards();
  const deeds = useDeeds();
  return useMemo(() => {
    const words = wordsOf(text);
    if (words.length === 0) return [];
    const all = [vpsIndex(vpses), peerIndex(peers), forwardIndex(forwards)] as const;
    const [someVpses, somePeers, someForwards] = [
      search(all[0], words, MOST),
      search(all[1], words, MOST),
      search(all[2], words, MOST),
    ];
    const asked = [
      ...wanted(all[0], deeds.vps, words),
      ...wanted(all[1], deeds.peer, words),
      ...wanted(all[2], deeds.forward, words),
    ];
    const found = someVpses.length + somePeers.length + someForwards.length;
    const [onlyVps, onlyPeer, onlyForward] = [someVpses[0], somePeers[0], someForwards[0]];
    // Few are left: what can be done with the first of them stands below.
    const offered =
      found === 0 || found > 3
        ? []
        : [
            ...(onlyVps ? deeds.vps.map((deed) => deed(onlyVps)) : []),
            ...(onlyPeer ? deeds.peer.map((deed) => deed(onlyPeer)) : []),
            // Those of a peer or a VPS are found with it; what is theirs is offered alone.
            ...(onlyForward && !onlyVps && !onlyPeer ? deeds.forward.map((deed) => deed(onlyForward)) : []),
          ];
    const acts = unique([...asked, ...offered]);
    return [
      {
        key: "vpses",
        label: t("nav.vpses"),
        found: someVpses.map((one) => ({
          id: one.id,
          name: one.name,
          detail: one.addresses.join(" "),
          icon: Server,
          run: () => void navigate({ to: "/vpses/$name", params: { name: one.name } }),
        })),
      },
      {
        key: "peers",
        label: t("nav.peers"),
        found: somePeers.map((one) => ({
          id: one.id,
          name: one.name,
          detail: `${one.tunnel_ip} ${one.public_ip}`,
          icon: House,
          run: () => void navigate({ to: "/peers/$name", params: { name: one.name } }),
        })),
      },
      {
        key: "forwards",
        label: t("nav.forwards"),
        found: someForwards.map((one) => ({
          id: one.id,
          name: one.label || one.ports || t("forwards.everything"),
          detail: `${one.public_ip}:${one.ports} → ${one.target}`,
          icon: Cable,
          run: () => void navigate({ to: "/forwards", search: { open: one.id } }),
        })),
      },
      { key: "deeds", label: t("palette.doIt"), found: acts.slice(0, 12) },
    ];
  }, [t, navigate, vpses, peers, forwards, deeds, text]);
}

/** Words that name the deed itself are left out of the search for its object. Works in any order and language. */
function wanted<T>(index: Index<T>, deeds: Deed<T>[], words: string[]): Act[] {
  return deeds.flatMap((deed) => {
    const sample = index.rows[0];
    if (!sample) return [];
    const bare = (deed(sample)?.name ?? "").toLowerCase().split(/\s+/);
    const [itsName] = index.names;
    const own = new Set(itsName?.split(/\s+/));
    const verbs = bare.filter((word) => !own.has(word));
    const isVerb = (word: string) => word.length > 1 && verbs.some((verb) => verb.startsWith(word));
    const rest = words.filter((word) => !isVerb(word));
    if (rest.length === 0 || rest.length === words.length) return [];
    return search(index, rest, MOST_OF_ACTION).map(deed);
  }) as Act[];
}

function unique(acts: (Act | null)[]): Act[] {
  const known = new Map<string, Act>();
  for (const act of acts) if (act && !known.has(act.id)) known.set(act.id, act);
  return [...known.values()];
}

/** What can be done with each kind of object. */
function useDeeds(): { vps: Deed<VpsRow>[]; peer: Deed<PeerRow>[]; forward: Deed<ForwardRow>[] } {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { run: check } = useRunCheck();
  const { mutate: look } = useLook();
  return useMemo(() => {
    const terminal = (host: string): Act => ({
      id: `terminal-${host}`,
      name: t("palette.terminalOn", { name: host }),
      icon: SquareTerminal,
      run: () => void navigate({ to: "/terminal", search: { host } }),
    });
    const lookAt = (host: string): Act => ({
      id: `look-${host}`,
      name: t("palette.lookAt", { name: host }),
      icon: Radar,
      run: () => look([host], { onError: toastError }),
    });
    return {
      vps: [
        (row) => terminal(row.name),
        (row) => lookAt(row.name),
        (row) => ({
          id: `remove-${row.id}`,
          name: t("remove.title", { what: row.name }),
          icon: Trash2,
          run: () =>
            void navigate({ to: "/vpses/$name", params: { name: row.name }, search: { tab: "settings" } }),
        }),
      ],
      peer: [
        (row) => (row.host ? terminal(row.host) : null),
        (row) => ({
          id: `forward-to-${row.id}`,
          name: t("palette.forwardTo", { name: row.name }),
          icon: Plus,
          run: () => void navigate({ to: "/forwards", search: { open: "new", peer: row.name } }),
        }),
        (row) => {
          const suspended = row.state === "suspended";
          return {
            id: `state-${row.id}`,
            name: t(suspended ? "peers.resumeTitle" : "peers.suspendTitle", { what: row.name }),
            icon: suspended ? Play : Pause,
            run: () => setPeersActive(t, [row.name], suspended),
          };
        },
      ],
      forward: [
        (row) => ({
          id: `check-${row.id}`,
          name: t("job.kind.check", { about: forwardName(t, row) }),
          icon: ShieldCheck,
          run: () => check([row.id]),
        }),
        (row) => {
          const off = row.state === "off";
          return {
            id: `switch-${row.id}`,
            name: t(off ? "forwards.enableTitle" : "forwards.disableTitle", { what: forwardName(t, row) }),
            icon: Power,
            run: () => setForwardsEnabled(t, [row], off),
          };
        },
        (row) => ({
          id: `remove-${row.id}`,
          name: t("forwards.removeTitle", { what: forwardName(t, row) }),
          icon: Trash2,
          run: () => removeForwards(t, [row]),
        }),
      ],
    };
  }, [t, navigate, check, look]);
}

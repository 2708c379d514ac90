import { useMemo } from "react";
import { useFigures, usePast, usePeers } from "@/api/queries";
import type { HostNow, PastView, PeerRow, SeriesRef } from "@/api/generated/types";
import { rate } from "@/lib/format";
import type { Line } from "./plot";
import { stretchOf, type Window } from "./range";
import { added, timesOf, totalOf, valuesAt, type Total } from "./series";

/** Most series that the program answers at once. */
export const MOST = 200;

/** Peers that have a colour of their own; the others are summed. */
const MOST_COLOURS = 6;

/** What a peer carried in a window. */
export interface PeerPast {
  row: PeerRow;
  view: PastView;
  down: Total;
  up: Total;
}

export interface Traffic {
  peers: PeerPast[];
  times: number[];
  lines: Line[];
  /** To home and from home, all peers together. */
  down: (number | null)[];
  up: (number | null)[];
  /** How many peers there are; `peers` has at most 200 of them. */
  of: number;
}

/** Those that carry most now first, where there are more than can be asked for. */
function chosen(peers: PeerRow[], hosts: HostNow[] | undefined): PeerRow[] {
  if (peers.length <= MOST) return peers;
  const now = new Map(
    (hosts ?? []).flatMap((host) =>
      host.peers.map((peer) => [peer.id, peer.rates.from_home + peer.rates.to_home] as const),
    ),
  );
  return [...peers].sort((a, b) => (now.get(b.id) ?? 0) - (now.get(a.id) ?? 0)).slice(0, MOST);
}

/** The traffic of peers in a window, those that carried most first. `names`: none for all, or one VPS's. */
export function useTraffic(
  window: Window,
  others: string,
  only: (peer: PeerRow) => boolean,
  key: string,
): { traffic: Traffic | undefined; error: unknown; retry: () => void } {
  const rows = usePeers();
  const figures = useFigures();
  const wanted = useMemo(
    () => rows.data?.filter(only),
    [rows.data, key], // eslint-disable-line react-hooks/exhaustive-deps -- the key says what `only` leaves
  );
  // Chosen once, or every poll would ask for others.
  const ready = figures.data !== undefined || figures.error !== null;
  const picked = useMemo(
    () => (wanted && (wanted.length <= MOST || ready) ? chosen(wanted, figures.data) : undefined),
    [wanted, ready], // eslint-disable-line react-hooks/exhaustive-deps -- see above
  );
  const refs = useMemo<SeriesRef[]>(() => (picked ?? []).map(({ id }) => ({ kind: "peer", id })), [picked]);
  const past = usePast(refs, stretchOf(window));
  const traffic = useMemo(
    () =>
      picked && (picked.length === 0 || past.data?.length === picked.length)
        ? made(picked, past.data ?? [], others, wanted?.length ?? 0)
        : undefined,
    [picked, past.data, others, wanted],
  );
  const retry = () => void Promise.all([rows.refetch(), past.refetch()]);
  return { traffic, error: rows.error ?? past.error, retry };
}

function made(rows: PeerRow[], views: PastView[], others: string, of: number): Traffic {
  const peers = rows.flatMap((row, at): PeerPast[] => {
    const view = views[at];
    return view ? [{ row, view, down: totalOf(view, "to_home"), up: totalOf(view, "from_home") }] : [];
  });
  peers.sort((a, b) => b.down.sum + b.up.sum - a.down.sum - a.up.sum);
  const times = timesOf(views);
  const side = (column: "to_home" | "from_home", below: boolean) => {
    const values = peers.map((peer) => valuesAt(peer.view, column, times));
    const lines: Line[] = peers.slice(0, MOST_COLOURS).map((peer, at) => ({
      label: peer.row.name,
      colour: `--chart-${at + 1}`,
      values: values[at] ?? [],
      below,
    }));
    if (peers.length > MOST_COLOURS)
      lines.push({
        label: others,
        colour: "--chart-rest",
        values: added(values.slice(MOST_COLOURS), times.length),
        below,
      });
    return { lines, sum: added(values, times.length) };
  };
  const down = side("to_home", false);
  const up = side("from_home", true);
  return { peers, times, lines: [...down.lines, ...up.lines], down: down.sum, up: up.sum, of };
}

/** A speed, or a dash where there is none. */
export const rateOr = (value: number | null, locale: string) => (value === null ? "–" : rate(value, locale));

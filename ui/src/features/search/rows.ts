import type { ForwardRow, PeerRow, VpsRow } from "@/api/generated/types";
import { protocolWord } from "@/features/forwards/words";

/** Rows with what is looked for in them, in lower case: made once for each list, not for each key that is pressed. */
export interface Index<T> {
  rows: T[];
  names: string[];
  hays: string[];
}

const made = new WeakMap<object, Index<never>>();

function index<T>(rows: T[], name: (row: T) => string, more: (row: T) => string): Index<T> {
  const known = made.get(rows) as Index<T> | undefined;
  if (known) return known;
  const names = rows.map((row) => name(row).toLowerCase());
  const fresh = { rows, names, hays: rows.map((row, at) => `${names[at]} ${more(row)}`.toLowerCase()) };
  made.set(rows, fresh as Index<never>);
  return fresh;
}

export const vpsIndex = (rows: VpsRow[]) =>
  index(
    rows,
    (row) => row.name,
    (row) => row.addresses.join(" "),
  );

export const peerIndex = (rows: PeerRow[]) =>
  index(
    rows,
    (row) => row.name,
    (row) => `${row.vps_name} ${row.tunnel_ip} ${row.public_ip} ${row.vm_network} ${row.host ?? ""}`,
  );

export const forwardIndex = (rows: ForwardRow[]) =>
  index(
    rows,
    (row) => row.label || row.ports,
    (row) =>
      `${row.public_ip}:${row.ports} ${row.target} ${row.peer_name} ${row.vps_name} ${row.template ?? ""} ${protocolWord(row.protocols)}`,
  );

/** Rows in which every word occurs, those whose name begins with the first word before others; at most `most`. */
export function search<T>({ rows, names, hays }: Index<T>, words: string[], most: number): T[] {
  const [first] = words;
  if (first === undefined) return [];
  const begins: T[] = [];
  const others: T[] = [];
  for (let at = 0; at < rows.length && begins.length < most; at += 1) {
    const hay = hays[at] ?? "";
    if (!words.every((word) => hay.includes(word))) continue;
    const row = rows[at] as T;
    if (names[at]?.startsWith(first)) begins.push(row);
    else if (others.length < most) others.push(row);
  }
  return [...begins, ...others].slice(0, most);
}

export const wordsOf = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

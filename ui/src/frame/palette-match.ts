export interface Entry {
  id: string;
  name: string;
  detail?: string;
}

/** Entries in which every word occurs, those whose name begins with the text first; at most `most`. */
export function matches<T extends Entry>(all: T[], text: string, most: number): T[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return all.slice(0, most);
  const first: T[] = [];
  const rest: T[] = [];
  for (const one of all) {
    const name = one.name.toLowerCase();
    const hay = `${name} ${one.detail?.toLowerCase() ?? ""}`;
    if (!words.every((word) => hay.includes(word))) continue;
    (name.startsWith(words[0] ?? "") ? first : rest).push(one);
    if (first.length >= most) break;
  }
  return [...first, ...rest].slice(0, most);
}

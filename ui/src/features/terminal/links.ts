export interface FoundLink {
  url: string;
  /** First column, from 0, and the one behind the last. */
  start: number;
  end: number;
}

const PATTERN = /https?:\/\/[^\s"'<>`{}|\\^]+/g;

/** Web addresses in a line, without the punctuation of the sentence around them. */
export function findLinks(line: string): FoundLink[] {
  return [...line.matchAll(PATTERN)].map((match) => {
    let url = match[0].replace(/[.,;:!?]+$/, "");
    if (url.endsWith(")") && !url.includes("(")) url = url.slice(0, -1);
    return { url, start: match.index, end: match.index + url.length };
  });
}

interface Cell {
  /** From 1, as the terminal counts. */
  x: number;
  y: number;
}

export interface PlacedLink {
  url: string;
  start: Cell;
  end: Cell;
}

/** Addresses of a line that the screen broke into rows of `cols` characters, the first of which is row `top`. */
export function placeLinks(rows: string[], cols: number, top: number): PlacedLink[] {
  const whole = rows.map((row, at) => (at < rows.length - 1 ? row.padEnd(cols) : row)).join("");
  const cell = (at: number): Cell => ({ x: (at % cols) + 1, y: top + Math.floor(at / cols) });
  return findLinks(whole).map(({ url, start, end }) => ({ url, start: cell(start), end: cell(end - 1) }));
}

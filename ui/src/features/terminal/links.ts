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

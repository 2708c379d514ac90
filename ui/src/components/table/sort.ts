import type { SortingState } from "@tanstack/react-table";

/** `name`, or `-name` for the other way round, as it stands in the address of a page. */
export function readSort(text: string | undefined, usual: string): SortingState {
  const sort = text ?? usual;
  return [{ id: sort.replace(/^-/, ""), desc: sort.startsWith("-") }];
}

export function writeSort([first]: SortingState, usual: string): string | undefined {
  const text = first ? `${first.desc ? "-" : ""}${first.id}` : usual;
  return text === usual ? undefined : text;
}

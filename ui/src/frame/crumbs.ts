import { useEffect } from "react";
import { createStore } from "@/lib/store";

export interface Crumb {
  label: string;
  /** Where it leads; none for the page at hand. */
  to?: string;
}

export const crumbs = createStore<Crumb[]>([]);

/** Says where the page is; also the window's title. */
export function useCrumbs(trail: Crumb[]): void {
  const key = JSON.stringify(trail);
  useEffect(() => {
    const parsed = JSON.parse(key) as Crumb[];
    crumbs.set(parsed);
    const last = parsed.at(-1)?.label;
    document.title = last ? `${last} · WireWarp` : "WireWarp";
  }, [key]);
}

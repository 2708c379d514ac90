import { QueryClient } from "@tanstack/react-query";
import { setTransport } from "./client";
import { keepCurrent } from "./events";

/** Answers stay good until the program says that something changed; it is on the same machine, so nothing is retried. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: Infinity, retry: false, refetchOnWindowFocus: false, networkMode: "always" },
    mutations: { retry: false, networkMode: "always" },
  },
});

/** Connects the page to the program, and its answers to the program's news. */
export async function connect(): Promise<void> {
  if (__MOCK__) {
    const { mock } = await import("./mock/transport");
    setTransport(mock());
  } else {
    const { tauri } = await import("./tauri");
    setTransport(tauri);
  }
  keepCurrent(queryClient);
}

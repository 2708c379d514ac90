import type { CommandName, EventName } from "./generated/commands";

/** How the page reaches the program: over Tauri, or a stand-in in a plain browser. */
export interface Transport {
  invoke: (command: CommandName, args: Record<string, unknown>) => Promise<unknown>;
  listen: (event: EventName, hear: (payload: unknown) => void) => Promise<() => void>;
  /** What a command takes as the place for its stream of bytes. */
  channel: (take: (bytes: ArrayBuffer) => void) => unknown;
}

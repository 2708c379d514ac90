import { Channel, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Transport } from "./transport";

/** The real program. */
export const tauri: Transport = {
  invoke: (command, args) => invoke(command, args),
  listen: (event, hear) => listen(event, ({ payload }) => hear(payload)),
  channel: (take) => new Channel<ArrayBuffer>(take),
};

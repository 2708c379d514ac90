import { call, channel, on } from "./client";
import type { Commands } from "./generated/commands";
import type { TerminalEnd, TerminalSize } from "./generated/types";

/** A shell on a host, as bytes and calls. The page that shows it keeps its order and its flow. */
export interface Shell {
  id: string;
  write: (text: string) => Promise<null>;
  ack: (bytes: number) => Promise<null>;
  resize: (size: TerminalSize) => Promise<null>;
  close: () => Promise<null>;
}

type Output = Commands["terminal_open"]["args"]["output"];

/** Opens a shell. `onBytes` takes its output, `onEnd` hears once how it ended. */
export async function openShell(
  host: string,
  size: TerminalSize,
  onBytes: (bytes: Uint8Array) => void,
  onEnd: (end: TerminalEnd) => void,
): Promise<Shell> {
  let id: string | undefined;
  const early: { id: string; end: TerminalEnd }[] = [];
  const stop = on("terminal", (event) => {
    const end = { id: event.id, end: event.news.end };
    if (id === undefined) early.push(end);
    else if (event.id === id) finish(end.end);
  });
  const finish = (end: TerminalEnd) => {
    stop();
    onEnd(end);
  };
  const output = channel((bytes) => onBytes(new Uint8Array(bytes))) as Output;
  try {
    id = await call("terminal_open", { host, size, output });
  } catch (error) {
    stop();
    throw error;
  }
  const opened = id;
  const ended = early.find((one) => one.id === opened);
  if (ended) finish(ended.end);
  return {
    id: opened,
    write: (text) => call("terminal_write", { id: opened, text }),
    ack: (bytes) => call("terminal_ack", { id: opened, bytes }),
    resize: (next) => call("terminal_resize", { id: opened, size: next }),
    close: () => call("terminal_close", { id: opened }),
  };
}

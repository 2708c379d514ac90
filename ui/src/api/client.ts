import { ApiError, asUserError } from "./errors";
import type { CommandName, Commands, EventName, Events } from "./generated/commands";
import type { Transport } from "./transport";

let transport: Transport | undefined;

export function setTransport(chosen: Transport): void {
  transport = chosen;
}

function connected(): Transport {
  if (!transport) throw new Error("the page asked before it was connected");
  return transport;
}

type Args<K extends CommandName> = Commands[K]["args"];
type Given<K extends CommandName> = Args<K> extends Record<string, never> ? [] : [Args<K>];

/** Calls a command of the program. Fails with an `ApiError`. */
export async function call<K extends CommandName>(
  name: K,
  ...[args]: Given<K>
): Promise<Commands[K]["result"]> {
  try {
    return (await connected().invoke(name, args ?? {})) as Commands[K]["result"];
  } catch (thrown) {
    throw new ApiError(asUserError(thrown));
  }
}

/** Hears an event of the program until the function that it gives is called. */
export function on<E extends EventName>(event: E, hear: (payload: Events[E]) => void): () => void {
  let stopped = false;
  let stop: (() => void) | undefined;
  void connected()
    .listen(event, (payload) => hear(payload as Events[E]))
    .then((unlisten) => {
      if (stopped) unlisten();
      else stop = unlisten;
    });
  return () => {
    stopped = true;
    stop?.();
  };
}

/** A place for a stream of raw bytes, as an argument of a command. */
export const channel = (take: (bytes: ArrayBuffer) => void): unknown => connected().channel(take);

import { ApiError } from "../errors";
import type { CommandName, EventName } from "../generated/commands";
import type { Transport } from "../transport";
import { commands } from "./commands";
import { SCENARIOS, world, type Scenario } from "./scenarios";
import { MockTerminals } from "./terminal";

const KEPT = "wirewarp.mock";

/** `?mock=rich` chooses, and stays for the tab. */
function chosen(): Scenario {
  const asked = new URLSearchParams(location.search).get("mock") ?? sessionStorage.getItem(KEPT);
  const known = SCENARIOS.find((one) => one === asked) ?? "rich";
  sessionStorage.setItem(KEPT, known);
  return known;
}

/** For page tests: says an event, and changes what the stand-in knows. */
interface Handle {
  world: ReturnType<typeof world>;
  say: (event: EventName, payload: unknown) => void;
  calls: { command: CommandName; args: unknown }[];
}

declare global {
  interface Window {
    wirewarpMock?: Handle;
  }
}

export function mock(): Transport {
  const ears = new Map<EventName, Set<(payload: unknown) => void>>();
  const say = (event: EventName, payload: unknown) =>
    queueMicrotask(() => ears.get(event)?.forEach((hear) => hear(structuredClone(payload))));
  const made = world(chosen());
  const terminals = new MockTerminals((id, news) => say("terminal", { id, news }));
  const pace = Number(new URLSearchParams(location.search).get("pace") ?? 260);
  const table = commands(made, { say, pace }, terminals);
  const calls: Handle["calls"] = [];
  window.wirewarpMock = { world: made, say, calls };
  return {
    invoke: async (command, args) => {
      calls.push({ command, args: command === "terminal_open" ? {} : structuredClone(args) });
      await new Promise((done) => setTimeout(done, made.delay));
      if (made.broken.has(command)) {
        throw new ApiError({
          code: "database_busy",
          message: "The inventory could not be read: database is locked.",
          hints: ["Close the other program that has it open, e.g. a running wirewarp command."],
        });
      }
      const run = table[command] as (args: Record<string, unknown>) => unknown;
      const result = await run(args);
      return structuredClone(result);
    },
    listen: (event, hear) => {
      const hearing = ears.get(event) ?? new Set();
      ears.set(event, hearing.add(hear));
      return Promise.resolve(() => void hearing.delete(hear));
    },
    channel: (take) => take,
  };
}

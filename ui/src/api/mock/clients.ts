import type { BlockedClient, Client, Clients } from "../generated/types";
import { fail } from "./conflicts";
import type { World } from "./world";

/** Who is connected in the stand-in, by forward, and who is kept out. */
const ended = new Set<string>();
const blocked = new Map<string, BlockedClient>();

const ADDRESSES = ["198.51.100.7", "198.51.100.23", "192.0.2.41"];

export const clientCommands = (world: () => World) => {
  const known = (id: string) =>
    world().forwards.find((one) => one.id === id) ?? fail("not_found", "There is no such forward.");
  return {
    clients: ({ forward }: { forward: string }): Clients => {
      const found = known(forward);
      const vps = world().live.find((one) => one.name === found.vps_name);
      if (vps?.error) fail(vps.error.code, vps.error.message, ...vps.error.hints);
      const at = Math.floor(Date.now() / 1000);
      const here = ADDRESSES.filter((address) => !ended.has(address) && !blocked.has(address));
      return {
        forward,
        at,
        clients: here.map((address, index): Client => ({
          address,
          connections: index === 0 ? 2 : 1,
          since: at - 4000 * (index + 1),
          to_home: 4_000_000 * (3 - index),
          from_home: 61_000_000 * (3 - index),
          ports: [`${found.ports}/tcp`],
        })),
        more: 0,
        blocked: [...blocked.values()],
      };
    },
    end_client: ({ client }: { client: string }) => {
      ended.add(client);
      return 1;
    },
    block_client: ({ client, seconds }: { client: string; seconds: number }) => {
      blocked.set(client, { address: client, until: Math.floor(Date.now() / 1000) + seconds });
      return 1;
    },
    unblock_client: ({ client }: { client: string }) => {
      blocked.delete(client);
      return null;
    },
  };
};

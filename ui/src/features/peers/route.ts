/** What of a machine's own traffic goes through its tunnel, as it is chosen. */
export interface Route {
  way: "replies" | "everything" | "listed";
  /** As typed; of use where they are listed. */
  networks: string;
}

/** As the program writes it: `replies`, `everything`, or networks with commas between them. */
export function readRoute(text: string): Route {
  return text === "replies" || text === "everything"
    ? { way: text, networks: "" }
    : { way: "listed", networks: text.split(",").join(", ") };
}

const words = (networks: string): string[] => networks.split(/[\s,;]+/).filter(Boolean);

export const writeRoute = ({ way, networks }: Route): string =>
  way === "listed" ? words(networks).join(",") : way;

const NETWORK = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/;

function isNetwork(word: string): boolean {
  const [, ...parts] = NETWORK.exec(word) ?? [];
  if (parts.length === 0) return false;
  const prefix = Number(parts[4] ?? 32);
  return parts.slice(0, 4).every((octet) => Number(octet) <= 255) && prefix >= 8 && prefix <= 32;
}

/** The first word that is no IPv4 network; whether it is one of the internet, the program says with the plan. */
export const wrongNetwork = ({ way, networks }: Route): string | undefined =>
  way === "listed" ? words(networks).find((word) => !isNetwork(word)) : undefined;

/** Whether it says something that can be planned. */
export const isWhole = (route: Route): boolean =>
  writeRoute(route) !== "" && wrongNetwork(route) === undefined;

import type { DriftReport } from "../generated/types";
import { fail } from "./conflicts";
import type { World } from "./world";

/** Three sides of a host that drifted; a host that did not has none. */
export function driftOf(world: World, name: string): DriftReport {
  const live =
    world.live.find((one) => one.name === name) ?? fail("not_found", `There is no host “${name}”.`);
  if (live.error) return fail(live.error.code, live.error.message, ...live.error.hints);
  if (live.drift.length === 0)
    return { name, generation: live.generation, applied: live.generation, live: [], files: [] };
  const applied =
    "table inet wirewarp {\n  map udp_single {\n    elements = {\n      8211 : 10.99.4.2 . 8211,\n      27015 : 10.99.4.2 . 27015,\n    }\n  }\n}\n";
  const there = applied.replace("      8211 : 10.99.4.2 . 8211,\n", "      9999 : 10.99.4.9 . 9999,\n");
  return {
    name,
    generation: live.generation,
    applied: live.generation,
    live: live.drift,
    files: [
      {
        path: "rules.nft",
        state: "changed_there",
        desired: applied,
        applied,
        live: there,
        diff: "--- live\n+++ desired\n@@ -1,7 +1,7 @@\n table inet wirewarp {\n   map udp_single {\n     elements = {\n-      9999 : 10.99.4.9 . 9999,\n+      8211 : 10.99.4.2 . 8211,\n       27015 : 10.99.4.2 . 27015,\n     }\n   }\n",
      },
      {
        path: "installed/wirewarp-watch.timer",
        state: "missing",
        desired: "[Timer]\nOnUnitActiveSec=60\n",
        applied: "[Timer]\nOnUnitActiveSec=60\n",
        live: null,
        diff: "--- live\n+++ desired\n@@ -0,0 +1,2 @@\n+[Timer]\n+OnUnitActiveSec=60\n",
      },
    ],
  };
}

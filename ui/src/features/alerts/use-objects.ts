import { useMemo } from "react";
import { useForwards, usePeers, useVpses } from "@/api/queries";

/** What a rule or a silence can be about: identifier -> name. A VPS stands for all that is on it. */
export function useObjects(): Map<string, string> {
  const { data: vpses } = useVpses();
  const { data: peers } = usePeers();
  const { data: forwards } = useForwards();
  return useMemo(
    () =>
      new Map([
        ...(vpses ?? []).map((vps) => [vps.host, vps.name] as const),
        ...(peers ?? []).map((peer) => [peer.id, peer.name] as const),
        ...(forwards ?? []).map((one) => [one.id, one.label || one.ports] as const),
      ]),
    [vpses, peers, forwards],
  );
}

import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useChecks, useForwards, useJobs, useLive, usePeers } from "@/api/queries";
import type { Tone } from "@/components/status";
import { tunnelsByPeer } from "@/features/hosts/health";
import { useJobTitle } from "@/features/plans/words";

export interface Alert {
  id: string;
  tone: Tone;
  title: string;
  detail: string;
  /** Since when it is known, milliseconds since 1970. */
  at: number;
  /** Where it is put right. */
  to: string;
}

/** What needs somebody now: derived from what is known, so that it goes away by itself once it is right. */
export function useAlerts(): { alerts: Alert[]; pending: boolean } {
  const { t } = useTranslation();
  const { data: live, isPending } = useLive();
  const { data: peers } = usePeers();
  const { data: checks } = useChecks();
  const { data: forwards } = useForwards();
  const { data: jobs } = useJobs();
  const title = useJobTitle();
  const alerts = useMemo(() => {
    const found: Alert[] = [];
    const vpsOf = new Map((peers ?? []).map((peer) => [peer.name, peer]));
    const tunnels = tunnelsByPeer(live);
    const down = (peers ?? []).filter(
      (peer) => peer.state === "active" && peer.set_up && tunnels.get(peer.name)?.up === false,
    );
    // One cause, one alert: behind a tunnel that is down, its machine and its forwards cannot be reached either.
    const silent = new Set(down.flatMap((peer) => peer.host ?? []));
    const dead = new Set(down.map((peer) => peer.id));
    const peerOf = new Map((forwards ?? []).map((forward) => [forward.id, forward.peer]));
    for (const host of live ?? []) {
      if (host.health === "unreachable" && !silent.has(host.name)) {
        found.push({
          id: `host-${host.name}`,
          tone: "bad",
          title: t("alerts.unreachable", { name: host.name }),
          detail: host.error?.message ?? "",
          at: host.at,
          to: vpsOf.has(host.name) ? `/peers/${host.name}` : `/vpses/${host.name}`,
        });
      }
      if (host.health === "drift") {
        const detail = host.drift.join("; ");
        found.push({
          id: `drift-${host.name}`,
          tone: "warn",
          title: t("host.driftTitle", { name: host.name }),
          detail,
          at: host.at,
          to: `/hosts/${host.name}/drift`,
        });
      }
    }
    for (const peer of down) {
      const tunnel = tunnels.get(peer.name);
      if (tunnel) {
        const at = live?.find((host) => host.name === peer.vps_name)?.at ?? 0;
        found.push({
          id: `tunnel-${peer.name}`,
          tone: "bad",
          title: t("alerts.tunnel", { name: peer.name }),
          detail: tunnel.why,
          at,
          to: `/peers/${peer.name}`,
        });
      }
    }
    for (const { forward, at, check } of checks ?? []) {
      if (
        check.outcome.kind !== "fails" ||
        (check.outcome.hop === "tunnel" && dead.has(peerOf.get(forward) ?? ""))
      )
        continue;
      found.push({
        id: `check-${check.title}`,
        tone: "bad",
        title: t("alerts.check", { title: check.title }),
        detail: check.verdict,
        at,
        to: `/forwards?open=${forward}`,
      });
    }
    for (const job of jobs ?? []) {
      if (job.kind !== "apply" || job.state !== "failed") continue;
      found.push({
        id: `job-${job.id}`,
        tone: "bad",
        title: t("alerts.job", { title: title(job) }),
        detail: job.error?.message ?? "",
        at: job.ended_at ?? job.started_at,
        to: `/jobs/${job.id}`,
      });
    }
    return found.sort((a, b) => Number(b.tone === "bad") - Number(a.tone === "bad") || b.at - a.at);
  }, [t, live, peers, forwards, checks, jobs, title]);
  return { alerts, pending: isPending };
}

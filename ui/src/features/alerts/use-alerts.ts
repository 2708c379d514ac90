import { useMemo } from "react";
import i18next, { type TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { useChecks, useForwards, useJobs, useLive, usePeers } from "@/api/queries";
import type { CheckResult, ForwardRow, HostLive, Job, PeerRow } from "@/api/generated/types";
import type { Tone } from "@/components/status";
import { hostsByName, isLocked, tunnelsByPeer } from "@/features/hosts/health";
import { useJobTitle } from "@/features/plans/words";
import { keepLast } from "@/lib/memo";
import { openFailures } from "./failures";

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

interface Known {
  live: HostLive[];
  peers: PeerRow[];
  checks: CheckResult[];
  forwards: ForwardRow[];
  /** Applies that failed. */
  failed: Job[];
}

const noJobs: Job[] = [];
const kept = keepLast<Alert[]>();
const keptFailed = keepLast<Job[]>();

/** Applies that failed. Each step of a running job is news of the jobs; the list stays the same until one of them ends. */
function failedApplies(jobs: Job[]): Job[] {
  const failed = openFailures(jobs);
  return keptFailed(failed, () => failed);
}

/** What needs somebody now: derived from what is known, so that it goes away by itself once it is right. */
export function useAlerts(): { alerts: Alert[]; pending: boolean } {
  const { t } = useTranslation();
  const { data: live, isPending } = useLive();
  const { data: peers } = usePeers();
  const { data: checks } = useChecks();
  const { data: forwards } = useForwards();
  const { data: jobs = noJobs } = useJobs();
  const failed = failedApplies(jobs);
  const title = useJobTitle();
  const alerts = useMemo(
    () =>
      // Several places show them; they are found once.
      kept([i18next.language, live, peers, forwards, checks, failed], () =>
        find(t, title, {
          live: live ?? [],
          peers: peers ?? [],
          checks: checks ?? [],
          forwards: forwards ?? [],
          failed,
        }),
      ),
    [t, live, peers, forwards, checks, failed, title],
  );
  return { alerts, pending: isPending };
}

function find(t: TFunction, title: (job: Job) => string, known: Known): Alert[] {
  const tunnels = tunnelsByPeer(known.live);
  // One cause, one alert: behind a tunnel that is down, its machine and its forwards cannot be reached either.
  const down = known.peers.filter(
    (peer) => peer.state === "active" && peer.set_up && tunnels.get(peer.name)?.up === false,
  );
  const found = [
    ...ofHosts(t, known, new Set(down.flatMap((peer) => peer.host ?? []))),
    ...down.map((peer) => ofTunnel(t, peer, tunnels.get(peer.name)?.why ?? "", known.live)),
    ...ofChecks(t, known, new Set(down.map((peer) => peer.id))),
    ...known.failed.map((job) => ofJob(t, title(job), job)),
  ];
  return found.sort((a, b) => Number(b.tone === "bad") - Number(a.tone === "bad") || b.at - a.at);
}

/** Hosts that do not answer, but for those whose tunnel says so already; hosts that drifted. */
function ofHosts(t: TFunction, { live, peers }: Known, silent: Set<string>): Alert[] {
  const names = new Set(peers.map((peer) => peer.name));
  return live.flatMap((host): Alert[] => {
    if (host.health === "unreachable" && !silent.has(host.name)) {
      const title = t(isLocked(host.error) ? "host.lockedUp" : "alerts.unreachable", { name: host.name });
      const to = `/${names.has(host.name) ? "peers" : "vpses"}/${host.name}`;
      return [
        { id: `host-${host.name}`, tone: "bad", title, detail: host.error?.message ?? "", at: host.at, to },
      ];
    }
    if (host.health !== "drift") return [];
    const title = t("host.driftTitle", { name: host.name });
    const to = `/hosts/${host.name}/drift`;
    return [
      { id: `drift-${host.name}`, tone: "warn", title, detail: host.drift.join("; "), at: host.at, to },
    ];
  });
}

const ofTunnel = (t: TFunction, peer: PeerRow, why: string, live: HostLive[]): Alert => ({
  id: `tunnel-${peer.name}`,
  tone: "bad",
  title: t("alerts.tunnel", { name: peer.name }),
  detail: why,
  at: hostsByName(live).get(peer.vps_name)?.at ?? 0,
  to: `/peers/${peer.name}`,
});

/** Checks that failed, but for those that fail at a tunnel which is told of already. */
function ofChecks(t: TFunction, { checks, forwards }: Known, dead: Set<string>): Alert[] {
  const failed = checks.filter(({ check }) => check.outcome.kind === "fails");
  if (failed.length === 0) return [];
  const peerOf = new Map(forwards.map((forward) => [forward.id, forward.peer]));
  const told = ({ forward, check }: CheckResult) =>
    check.outcome.kind === "fails" && check.outcome.hop === "tunnel" && dead.has(peerOf.get(forward) ?? "");
  return failed
    .filter((one) => !told(one))
    .map(({ forward, at, check }) => ({
      id: `check-${check.title}`,
      tone: "bad",
      title: t("alerts.check", { title: check.title }),
      detail: check.verdict,
      at,
      to: `/forwards?open=${forward}`,
    }));
}

const ofJob = (t: TFunction, title: string, job: Job): Alert => ({
  id: `job-${job.id}`,
  tone: "bad",
  title: t("alerts.job", { title }),
  detail: job.error?.message ?? "",
  at: job.ended_at ?? job.started_at,
  to: `/jobs/${job.id}`,
});

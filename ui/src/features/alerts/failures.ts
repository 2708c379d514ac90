import type { Job } from "@/api/generated/types";

/** Applies that failed, but for those of which every host that failed was applied to again since: those speak for it. */
export function openFailures(jobs: readonly Job[]): Job[] {
  const applies = jobs.filter((job) => job.kind === "apply" && job.state !== "running");
  const again = (failed: Job, host: string) =>
    applies.some(
      (later) => later.started_at > failed.started_at && later.hosts.some(({ name }) => name === host),
    );
  return applies.filter((job) => {
    if (job.state !== "failed") return false;
    const hosts = job.hosts.filter(({ error }) => error).map(({ name }) => name);
    return hosts.length === 0 || !hosts.every((host) => again(job, host));
  });
}

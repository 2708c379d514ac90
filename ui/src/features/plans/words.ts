import type { TFunction } from "i18next";
import type { Job, JobState } from "@/api/generated/types";
import type { Tone } from "@/components/status";

export const jobTone: Record<JobState, Tone> = {
  running: "info",
  done: "ok",
  failed: "bad",
  cancelled: "off",
};

/** What a job does, in a line. */
export function jobTitle(t: TFunction, job: Job): string {
  if (job.kind === "apply") return t("job.kind.apply", { about: job.about.join(", ") });
  return job.about.length > 2
    ? t("job.kind.checkMany", { count: job.about.length })
    : t("job.kind.check", { about: job.about.join(", ") });
}

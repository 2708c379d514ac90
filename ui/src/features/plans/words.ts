import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useForwards } from "@/api/queries";
import type { Job, JobState } from "@/api/generated/types";
import type { Tone } from "@/components/status";
import { keepLast } from "@/lib/memo";

export const jobTone: Record<JobState, Tone> = {
  running: "info",
  done: "ok",
  failed: "bad",
  cancelled: "off",
};

const kept = keepLast<Map<string, string>>();

/** What a job does, in a line. */
export function useJobTitle(): (job: Job) => string {
  const { t } = useTranslation();
  const { data: forwards } = useForwards();
  const labels = useMemo(
    // Several places name jobs; the map is made once for all of them.
    () => kept([forwards], () => new Map((forwards ?? []).map((one) => [one.id, one.label || one.ports]))),
    [forwards],
  );
  return useCallback(
    (job) => {
      if (job.kind === "apply") return t("job.kind.apply", { about: job.about.join(", ") });
      if (job.about.length === 0) return t("job.kind.checkAll");
      if (job.about.length > 2) return t("job.kind.checkMany", { count: job.about.length });
      return t("job.kind.check", {
        about: job.about.map((id) => labels.get(id) ?? id.slice(0, 8)).join(", "),
      });
    },
    [t, labels],
  );
}

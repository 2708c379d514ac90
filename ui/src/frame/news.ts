import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useEvent } from "@/api/events";
import { toast } from "@/components/toast";
import { jobTone, useJobTitle } from "@/features/plans/words";

/** What the program says by itself and a person should hear of: jobs that ended, places chosen in the tray. */
export function useNews() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const title = useJobTitle();
  const openJob = (id: string) => void navigate({ to: "/jobs/$id", params: { id } });
  useEvent("job", ({ news }) => {
    if (news.news !== "changed" || news.job.ended_at === null) return;
    const { job } = news;
    // Where the job itself is in view, or its dialog, its end is seen there.
    if (document.querySelector(`[data-job="${job.id}"]`)) return;
    toast(jobTone[job.state], `${title(job)}: ${t(`job.state.${job.state}`)}`, {
      label: t("common.show"),
      run: () => openJob(job.id),
    });
  });
  useEvent("go", (place) => {
    if (place.to === "job") openJob(place.id);
    else void navigate({ to: "/pending" });
  });
}

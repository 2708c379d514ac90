import { useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Panel } from "@/components/layout";
import { Status } from "@/components/status";
import { Page } from "@/frame/page";
import { useJob } from "@/api/queries";
import { JobFoot, JobView } from "./job-view";
import { jobTone, useJobTitle } from "./words";

export function JobPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/jobs/$id" });
  const navigate = useNavigate();
  const { job } = useJob(id);
  const titleOf = useJobTitle();
  const title = job ? titleOf(job) : t("job.title");
  return (
    <Page
      width="text"
      title={title}
      status={
        // What a check found stands below; that it ended is no news.
        job &&
        !(job.result && job.kind === "check") && (
          <Status tone={jobTone[job.state]}>{t(`job.state.${job.state}`)}</Status>
        )
      }
      lead={job?.state === "running" && t("job.lead")}
      trail={[{ label: t("nav.activity"), to: "/activity" }, { label: title }]}
    >
      <Panel>
        <JobView id={id} />
        {job && (
          <div className="mt-4 flex flex-wrap justify-end gap-2 border-t pt-4">
            <JobFoot
              id={id}
              closeWord={t("nav.activity")}
              onClose={() => void navigate({ to: "/activity" })}
              onRetried={(next) => void navigate({ to: "/jobs/$id", params: { id: next } })}
            />
          </div>
        )}
      </Panel>
    </Page>
  );
}

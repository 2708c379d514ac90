import { useNavigate } from "@tanstack/react-router";
import { ListChecks } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useForgetJobs } from "@/api/mutations";
import { useJobs } from "@/api/queries";
import { Menu, MenuItem, MenuLine } from "@/components/menu";
import { Shape } from "@/components/status";
import { Ago } from "@/components/time";
import { jobTone, useJobTitle } from "./words";

/** What runs in the background, one click away from every page. */
export function JobsMenu() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data: jobs = [] } = useJobs();
  const forget = useForgetJobs();
  const title = useJobTitle();
  const running = jobs.filter((job) => job.state === "running").length;
  const ended = jobs.filter((job) => job.state !== "running");
  const name = running > 0 ? t("job.menuRunning", { count: running }) : t("job.menu");
  const trigger = (
    <button
      type="button"
      aria-label={name}
      title={name}
      className="relative grid size-8 place-items-center rounded-md text-muted hover:tint-muted hover:text-text pointer-coarse:size-11"
    >
      <ListChecks aria-hidden className="size-4" strokeWidth={1.75} />
      {running > 0 && (
        <span className="absolute -top-0.5 -right-0.5 flex h-4 min-w-4 animate-pulse items-center justify-center rounded-full bg-accent px-1 text-[0.6875rem] leading-none font-semibold text-on-accent">
          {running}
        </span>
      )}
    </button>
  );
  return (
    <Menu trigger={trigger}>
      {jobs.length === 0 && <p className="max-w-70 px-2 py-2 text-muted">{t("job.none")}</p>}
      {jobs.slice(0, 12).map((job) => (
        <MenuItem key={job.id} onSelect={() => void navigate({ to: "/jobs/$id", params: { id: job.id } })}>
          <span className="flex items-center gap-2">
            <Shape tone={jobTone[job.state]} />
            <span className="min-w-0 flex-1 truncate">{title(job)}</span>
            <span className="text-xs text-muted">
              {t(`job.state.${job.state}`)} · <Ago at={job.ended_at ?? job.started_at} />
            </span>
          </span>
        </MenuItem>
      ))}
      {ended.length > 0 && (
        <>
          <MenuLine />
          <MenuItem onSelect={() => forget.mutate(ended.map((job) => job.id))}>{t("job.forget")}</MenuItem>
        </>
      )}
      <MenuLine />
      <MenuItem onSelect={() => void navigate({ to: "/activity" })}>{t("nav.activity")}</MenuItem>
    </Menu>
  );
}

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useEvent } from "@/api/events";
import { useQuit } from "@/api/mutations";
import type { QuitAsked } from "@/api/generated/types";
import { Confirm } from "@/components/dialog";

/** Asks before the program ends while work is under way. */
export function Quit() {
  const { t } = useTranslation();
  const quit = useQuit();
  const [asked, setAsked] = useState<QuitAsked | null>(null);
  useEvent("quit_asked", setAsked);
  return (
    <Confirm
      open={asked !== null}
      title={t("frame.quitTitle")}
      action={t("frame.quit")}
      busy={quit.isPending}
      onClose={() => setAsked(null)}
      onConfirm={() => quit.mutate()}
    >
      {asked && asked.running_jobs > 0 && <p>{t("frame.quitJobs", { count: asked.running_jobs })}</p>}
      {asked && asked.terminals > 0 && <p>{t("frame.quitTerminals", { count: asked.terminals })}</p>}
    </Confirm>
  );
}

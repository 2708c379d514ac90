import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useEndSilence, useQuietHours } from "@/api/mutations";
import type { AlertingView } from "@/api/generated/types";
import { Button } from "@/components/button";
import { Panel } from "@/components/layout";
import { ErrorNotice } from "@/components/states";
import { TextField } from "@/components/text-field";
import { Ago } from "@/components/time";
import { toastError } from "@/components/toast";
import { fieldError } from "@/features/login/login";
import { useObjects } from "./use-objects";

/** When nobody is told: hours of the day, and silences that run. */
export function Quiet({ all }: { all: AlertingView }) {
  const { t } = useTranslation();
  const save = useQuietHours();
  const [hours, setHours] = useState(all.quiet_hours ?? "");
  const changed = hours.trim() !== (all.quiet_hours ?? "");
  return (
    <Panel title={t("quiet.title")}>
      <form
        className="flex flex-wrap items-start gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(hours, { onSuccess: (now) => setHours(now.quiet_hours ?? "") });
        }}
      >
        <TextField
          className="w-60"
          label={t("quiet.hours")}
          optional
          mono
          placeholder="22:00-07:00"
          hint={t("quiet.hint")}
          error={fieldError(save.error, "quiet_hours")}
          value={hours}
          onChange={setHours}
        />
        <Button type="submit" className="mt-6" busy={save.isPending} disabled={!changed}>
          {t("common.save")}
        </Button>
      </form>
      {save.error && !fieldError(save.error, "quiet_hours") && <ErrorNotice error={save.error} />}
      {all.silences.length > 0 && <Silences all={all} />}
    </Panel>
  );
}

function Silences({ all }: { all: AlertingView }) {
  const { t } = useTranslation();
  const end = useEndSilence();
  const objects = useObjects();
  return (
    <ul className="mt-4 divide-y divide-line/70 border-t">
      {all.silences.map((silence) => {
        const rule = all.rules.find((one) => one.id === silence.rule)?.name;
        const object = silence.object ? (objects.get(silence.object) ?? t("alertRules.gone")) : undefined;
        const of = [rule, object].filter(Boolean).join(", ") || t("alertRules.everything");
        return (
          <li key={silence.id} className="flex flex-wrap items-center gap-3 py-2">
            <span className="min-w-0 flex-1 break-words">
              {t("quiet.silence", { of })} <Ago at={silence.until * 1000} className="text-muted" />
            </span>
            <Button
              size="sm"
              busy={end.isPending && end.variables === silence.id}
              onClick={() => end.mutate(silence.id, { onError: toastError })}
            >
              {t("quiet.end")}
            </Button>
          </li>
        );
      })}
    </ul>
  );
}

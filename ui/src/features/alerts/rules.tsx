import { useState } from "react";
import { Pencil, Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useRemoveAlertRule, useSaveAlertRule } from "@/api/mutations";
import { useAlerting } from "@/api/queries";
import type { AlertingView, AlertRule } from "@/api/generated/types";
import { Button, IconButton } from "@/components/button";
import { Switch } from "@/components/choice";
import { Confirm } from "@/components/dialog";
import { Panel } from "@/components/layout";
import { ErrorNotice, SkeletonRows } from "@/components/states";
import { Badge } from "@/components/status";
import { toastError } from "@/components/toast";
import { Quiet } from "./quiet";
import { RuleForm } from "./rule-form";
import { ruleText } from "./rule-words";
import { severityTone } from "./severity";
import { useObjects } from "./use-objects";

/** When somebody is told. */
export function Rules() {
  const { t } = useTranslation();
  const alerting = useAlerting();
  const [adding, setAdding] = useState(false);
  if (alerting.error) return <ErrorNotice error={alerting.error} onRetry={() => void alerting.refetch()} />;
  if (!alerting.data) return <SkeletonRows />;
  const all = alerting.data;
  return (
    <div className="grid gap-4">
      <Panel
        flush
        title={t("alertRules.title")}
        aside={
          <Button size="sm" icon={Plus} onClick={() => setAdding(true)}>
            {t("alertRules.add")}
          </Button>
        }
      >
        <ul className="divide-y divide-line/70">
          {all.rules.map((rule) => (
            <Row key={rule.id} rule={rule} all={all} />
          ))}
          {all.rules.length === 0 && <li className="px-4 py-4 text-muted">{t("alertRules.none")}</li>}
        </ul>
      </Panel>
      <Quiet all={all} />
      {adding && <RuleForm all={all} onClose={() => setAdding(false)} />}
    </div>
  );
}

function Row({ rule, all }: { rule: AlertRule; all: AlertingView }) {
  const { t } = useTranslation();
  const save = useSaveAlertRule();
  const remove = useRemoveAlertRule();
  const objects = useObjects();
  const [open, setOpen] = useState<"form" | "remove">();
  const only = rule.only.map((id) => objects.get(id) ?? t("alertRules.gone"));
  const by = all.channels.filter((channel) => rule.channels.includes(channel.id)).map(({ name }) => name);
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
      <Switch
        checked={rule.enabled}
        label={t("alertRules.use", { name: rule.name })}
        disabled={save.isPending}
        onChange={(enabled) => save.mutate({ ...rule, enabled }, { onError: toastError })}
      />
      <div className="min-w-50 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium break-words">{rule.name}</span>
          <Badge tone={severityTone(rule.severity)}>{t(`alertRules.severity.${rule.severity}`)}</Badge>
        </p>
        <p className="text-muted">{ruleText(t, rule)}</p>
        {(only.length > 0 || by.length > 0) && (
          <p className="text-xs break-words text-muted">
            {only.length > 0 && t("alertRules.onlyOf", { names: only.join(", ") })}{" "}
            {by.length > 0 && t("alertRules.onlyBy", { names: by.join(", ") })}
          </p>
        )}
      </div>
      <IconButton
        icon={Pencil}
        label={t("alertRules.edit", { name: rule.name })}
        onClick={() => setOpen("form")}
      />
      <IconButton
        icon={X}
        label={t("alertRules.remove", { name: rule.name })}
        onClick={() => setOpen("remove")}
      />
      {open === "form" && <RuleForm all={all} rule={rule} onClose={() => setOpen(undefined)} />}
      <Confirm
        open={open === "remove"}
        title={t("alertRules.remove", { name: rule.name })}
        action={t("alertRules.removeDo")}
        busy={remove.isPending}
        onClose={() => setOpen(undefined)}
        onConfirm={() => remove.mutate(rule.id, { onSuccess: () => setOpen(undefined), onError: toastError })}
      >
        {t("alertRules.removeText")}
      </Confirm>
    </li>
  );
}

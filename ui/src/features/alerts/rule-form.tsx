import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSaveAlertRule } from "@/api/mutations";
import type { AlertingView, AlertRule, AlertSeverity } from "@/api/generated/types";
import { Button } from "@/components/button";
import { Checkbox, Segments } from "@/components/choice";
import { Dialog } from "@/components/dialog";
import { Field } from "@/components/field";
import { Select } from "@/components/select";
import { ErrorNotice } from "@/components/states";
import { TextField } from "@/components/text-field";
import { fieldError } from "@/features/login/login";
import { condition, lengthText, limitOf, ruleText, usualLimit, WHENS, type When } from "./rule-words";
import { SEVERITIES } from "./severity";
import { useObjects } from "./use-objects";

const EVERYTHING = "*";

/** Seconds for which a condition can be asked to hold, and minutes after which to remind. */
const LENGTHS = [0, 60, 120, 300, 600, 1800, 3600, 21_600, 86_400];
const REMINDERS = [0, 15, 60, 360, 1440, 10_080];

const fresh = (): AlertRule => ({
  id: crypto.randomUUID(),
  name: "",
  condition: { when: "peer_disconnected" },
  only: [],
  for_seconds: 300,
  severity: "warning",
  remind_minutes: 0,
  channels: [],
  enabled: true,
});

interface RuleFormProps {
  all: AlertingView;
  /** The one that is changed; none to add one. */
  rule?: AlertRule;
  onClose: () => void;
}

export function RuleForm({ all, rule: before, onClose }: RuleFormProps) {
  const { t } = useTranslation();
  const save = useSaveAlertRule();
  const objects = useObjects();
  const [start] = useState(() => before ?? fresh());
  const [rule, setRule] = useState(start);
  const [limit, setLimit] = useState(String(limitOf(start.condition) ?? ""));
  const when = rule.condition.when;
  const set = (change: Partial<AlertRule>) => setRule({ ...rule, ...change });
  const choose = (next: When) => {
    setLimit(String(usualLimit(next) ?? ""));
    set({ condition: condition(next, usualLimit(next)) });
  };
  const type = (text: string) => {
    setLimit(text);
    const number = Number(text);
    if (Number.isInteger(number) && number >= 0 && number <= 100_000)
      set({ condition: condition(when, number) });
  };
  const badLimit = limit !== "" && !/^\d{1,6}$/.test(limit.trim());
  const length = (seconds: number) => lengthText(t, seconds);
  const known = fieldError(save.error, "name") ?? fieldError(save.error, "limit");
  const submit = () => save.mutate(rule, { onSuccess: onClose });
  return (
    <Dialog
      open
      onClose={onClose}
      unsaved={JSON.stringify(rule) !== JSON.stringify(start)}
      title={before ? t("alertRules.edit", { name: before.name }) : t("alertRules.add")}
      description={ruleText(t, rule)}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            variant="primary"
            busy={save.isPending}
            disabled={rule.name.trim() === "" || badLimit}
            onClick={submit}
          >
            {t("common.save")}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <TextField
          label={t("vpses.name")}
          autoFocus
          value={rule.name}
          error={fieldError(save.error, "name")}
          onChange={(name) => set({ name })}
        />
        <Field label={t("alertRules.whenLabel")}>
          {(control) => (
            <Select
              {...control}
              value={when}
              onChange={(next) => choose(WHENS.find((one) => one === next) ?? when)}
              options={WHENS.map((value) => ({ value, label: t(`alertRules.whens.${value}`) }))}
            />
          )}
        </Field>
        {usualLimit(when) !== undefined && (
          <TextField
            label={t(when === "bandwidth" ? "alertRules.mbit" : "alertRules.percent")}
            inputMode="numeric"
            mono
            value={limit}
            error={badLimit ? t("alertRules.limitWrong") : fieldError(save.error, "limit")}
            onChange={type}
          />
        )}
        <div className="grid gap-4 sm:grid-cols-2">
          <Choice
            label={t("alertRules.forLabel")}
            value={rule.for_seconds}
            values={LENGTHS}
            name={length}
            onChange={(for_seconds) => set({ for_seconds })}
          />
          <Choice
            label={t("alertRules.remindLabel")}
            value={rule.remind_minutes}
            values={REMINDERS}
            name={(minutes) => (minutes === 0 ? t("alertRules.never") : length(minutes * 60))}
            onChange={(remind_minutes) => set({ remind_minutes })}
          />
        </div>
        <div>
          <p className="mb-1 font-medium">{t("alertRules.severityLabel")}</p>
          <Segments<AlertSeverity>
            label={t("alertRules.severityLabel")}
            value={rule.severity}
            onChange={(severity) => set({ severity })}
            segments={SEVERITIES.map((value) => ({ value, label: t(`alertRules.severity.${value}`) }))}
          />
        </div>
        <Field label={t("alertRules.onlyLabel")} hint={t("alertRules.onlyHint")}>
          {(control) => (
            <Select
              {...control}
              value={rule.only[0] ?? EVERYTHING}
              onChange={(id) => set({ only: id === EVERYTHING ? [] : [id] })}
              options={[
                { value: EVERYTHING, label: t("alertRules.everything") },
                ...[...objects].map(([value, label]) => ({ value, label })),
              ]}
            />
          )}
        </Field>
        {all.channels.length > 0 && (
          <fieldset className="grid gap-2">
            <legend className="mb-1 font-medium">{t("alertRules.byLabel")}</legend>
            {all.channels.map((channel) => (
              <Checkbox
                key={channel.id}
                checked={rule.channels.length === 0 || rule.channels.includes(channel.id)}
                label={channel.name}
                onChange={(on) => set({ channels: toggled(all, rule.channels, channel.id, on) })}
              />
            ))}
          </fieldset>
        )}
        {save.error && !known && <ErrorNotice error={save.error} />}
      </div>
    </Dialog>
  );
}

/** All of them is the same as none named: then a channel that is added later tells it too. */
function toggled(all: AlertingView, now: string[], id: string, on: boolean): string[] {
  const every = all.channels.map((channel) => channel.id);
  const chosen = now.length === 0 ? every : now;
  const next = on ? [...chosen, id] : chosen.filter((one) => one !== id);
  return next.length === 0 || every.every((one) => next.includes(one)) ? [] : next;
}

interface ChoiceProps {
  label: string;
  value: number;
  values: number[];
  name: (value: number) => string;
  onChange: (value: number) => void;
}

/** A number of a few; one that was set elsewhere is offered as well. */
function Choice({ label, value, values, name, onChange }: ChoiceProps) {
  const all = [...new Set([...values, value])].sort((a, b) => a - b);
  return (
    <Field label={label}>
      {(control) => (
        <Select
          {...control}
          value={String(value)}
          onChange={(next) => onChange(Number(next))}
          options={all.map((one) => ({ value: String(one), label: name(one) }))}
        />
      )}
    </Field>
  );
}

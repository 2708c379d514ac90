import { useState } from "react";
import { BellOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSilence } from "@/api/mutations";
import { useFired } from "@/api/queries";
import type { Alert } from "@/api/generated/types";
import { Button } from "@/components/button";
import { Panel } from "@/components/layout";
import { Menu, MenuItem } from "@/components/menu";
import { ErrorNotice } from "@/components/states";
import { Badge } from "@/components/status";
import { Ago } from "@/components/time";
import { toast, toastError } from "@/components/toast";
import { lengthText } from "./rule-words";
import { severityTone } from "./severity";

/** Shown at first. */
const FIRST = 20;

const SILENCES = [3600, 8 * 3600, 86_400, 7 * 86_400];

/** What the rules found: what holds now, then what was. */
export function Fired() {
  const { t } = useTranslation();
  const fired = useFired();
  const [all, setAll] = useState(false);
  if (fired.error) return <ErrorNotice error={fired.error} onRetry={() => void fired.refetch()} />;
  const rows = fired.data ?? [];
  if (rows.length === 0) return null;
  const order = { firing: 0, pending: 1, resolved: 2 };
  const sorted = [...rows].sort((a, b) => order[a.state] - order[b.state] || b.since - a.since);
  return (
    <Panel flush title={t("alerts.byRules")}>
      <ul className="divide-y divide-line/70">
        {sorted.slice(0, all ? undefined : FIRST).map((alert) => (
          <Row key={alert.id} alert={alert} />
        ))}
      </ul>
      {!all && sorted.length > FIRST && (
        <div className="px-4 py-3">
          <Button onClick={() => setAll(true)}>{t("alerts.showAll", { count: sorted.length })}</Button>
        </div>
      )}
    </Panel>
  );
}

function Row({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  const over = alert.state === "resolved";
  const length = over && alert.resolved_at !== null ? alert.resolved_at - alert.since : 0;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-1 px-4 py-3">
      <span className="w-24 shrink-0">
        <Badge tone={over ? "off" : severityTone(alert.severity)}>{t(`alerts.state.${alert.state}`)}</Badge>
      </span>
      <span className="min-w-50 flex-1">
        <span className="block font-medium break-words">
          {alert.rule_name}: {alert.name}
        </span>
        <span className="block break-words text-muted">
          {over ? t("alerts.lasted", { length: lengthText(t, rounded(length)) }) : alert.reason}
        </span>
      </span>
      <Ago at={alert.since * 1000} className="shrink-0 text-xs text-muted" />
      {!over && <SilenceMenu alert={alert} />}
    </li>
  );
}

/** Whole minutes, once it is one. */
const rounded = (seconds: number) => (seconds < 60 ? seconds : Math.round(seconds / 60) * 60);

function SilenceMenu({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  const silence = useSilence();
  const go = (seconds: number) =>
    silence.mutate(
      { rule: alert.rule, object: alert.object, seconds },
      {
        onSuccess: () => toast("ok", t("quiet.silenced", { length: lengthText(t, seconds) })),
        onError: toastError,
      },
    );
  return (
    <Menu
      trigger={
        <Button size="sm" icon={BellOff} busy={silence.isPending}>
          {t("quiet.silenceDo")}
        </Button>
      }
    >
      {SILENCES.map((seconds) => (
        <MenuItem key={seconds} onSelect={() => go(seconds)}>
          {lengthText(t, seconds)}
        </MenuItem>
      ))}
    </Menu>
  );
}

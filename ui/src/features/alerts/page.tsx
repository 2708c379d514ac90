import { useState } from "react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/button";
import { Panel } from "@/components/layout";
import { Empty, SkeletonRows } from "@/components/states";
import { Shape } from "@/components/status";
import { Tabs } from "@/components/tabs";
import { Ago } from "@/components/time";
import { LookButton } from "@/features/hosts/look-button";
import { Page } from "@/frame/page";
import { Channels } from "./channels";
import { Fired } from "./fired";
import { Rules } from "./rules";
import { Sent } from "./sent";
import { useAlerts } from "./use-alerts";

/** So many are shown at first; who has more begins with these. */
const FIRST = 50;

const TABS = ["now", "rules", "channels", "sent"] as const;

export function AlertsPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/alerts" });
  const navigate = useNavigate({ from: "/alerts" });
  const tab = TABS.find((one) => one === search.tab) ?? "now";
  const content = { now: <Now />, rules: <Rules />, channels: <Channels />, sent: <Sent /> };
  return (
    <Page
      width="text"
      title={t("nav.alerts")}
      lead={t("alerts.lead")}
      trail={[{ label: t("nav.alerts") }]}
      actions={<LookButton />}
    >
      <Tabs
        label={t("nav.alerts")}
        value={tab}
        onChange={(next) => void navigate({ search: { tab: next === "now" ? undefined : next } })}
        tabs={TABS.map((value) => ({ value, label: t(`alerts.tabs.${value}`), content: content[value] }))}
      />
    </Page>
  );
}

/** What needs somebody, as the program sees it itself, and what the rules found. */
function Now() {
  const { t } = useTranslation();
  const { alerts, pending } = useAlerts();
  const [all, setAll] = useState(false);
  return (
    <div className="grid gap-4">
      <Panel flush>
        {pending && <SkeletonRows rows={4} />}
        {!pending && alerts.length === 0 && (
          <Empty icon={CircleCheck} title={t("alerts.emptyTitle")} text={t("alerts.emptyText")} />
        )}
        <ul>
          {alerts.slice(0, all ? undefined : FIRST).map((alert) => (
            <li key={alert.id} className="border-b last:border-b-0">
              <Link
                to={alert.to}
                className="flex items-start gap-3 px-4 py-3 -outline-offset-2 hover:bg-hover"
              >
                <Shape tone={alert.tone} className="mt-1.5" />
                <span className="min-w-0 flex-1">
                  <span className="block font-medium break-words">{alert.title}</span>
                  <span className="block break-words text-muted">{alert.detail}</span>
                </span>
                <Ago at={alert.at} className="shrink-0 text-xs text-muted" />
              </Link>
            </li>
          ))}
        </ul>
        {!all && alerts.length > FIRST && (
          <div className="px-4 py-3">
            <Button onClick={() => setAll(true)}>{t("alerts.showAll", { count: alerts.length })}</Button>
          </div>
        )}
      </Panel>
      <Fired />
    </div>
  );
}

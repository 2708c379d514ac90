import type { ReactNode } from "react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useSetSettings, useSettings } from "@/api/queries";
import type { Settings } from "@/api/generated/types";
import { ErrorNotice, SkeletonRows } from "@/components/states";
import { Tabs } from "@/components/tabs";
import { Page } from "@/frame/page";
import { About } from "./about";
import { Appearance } from "./appearance";
import { Defaults } from "./defaults";
import { General } from "./general";
import { TerminalSection } from "./terminal";
import { Templates } from "./templates";

const SECTIONS = ["appearance", "general", "defaults", "templates", "terminal", "about"] as const;
type Section = (typeof SECTIONS)[number];

export interface SectionProps {
  settings: Settings;
  set: (next: Partial<Settings>) => void;
}

export function SettingsPage() {
  const { t } = useTranslation();
  const settings = useSettings();
  const save = useSetSettings();
  const search = useSearch({ from: "/settings" });
  const navigate = useNavigate({ from: "/settings" });
  const section: Section = SECTIONS.find((one) => one === search.section) ?? "appearance";
  const trail = [{ label: t("nav.settings") }];
  if (!settings.data) {
    return (
      <Page width="text" title={t("nav.settings")} trail={trail}>
        {settings.error ? (
          <ErrorNotice
            error={settings.error}
            title={t("settings.failed")}
            onRetry={() => void settings.refetch()}
          />
        ) : (
          <SkeletonRows />
        )}
      </Page>
    );
  }
  const { data } = settings;
  const props: SectionProps = { settings: data, set: (next) => save.mutate({ ...data, ...next }) };
  const contents: Record<Section, ReactNode> = {
    appearance: <Appearance {...props} />,
    general: <General {...props} />,
    defaults: <Defaults {...props} />,
    templates: <Templates />,
    terminal: <TerminalSection {...props} />,
    about: <About {...props} />,
  };
  return (
    <Page width="text" title={t("nav.settings")} trail={trail}>
      {save.error && (
        <div className="mb-3">
          <ErrorNotice error={save.error} title={t("settings.notSaved")} />
        </div>
      )}
      <Tabs
        label={t("nav.settings")}
        value={section}
        onChange={(next) =>
          void navigate({ search: { section: next === "appearance" ? undefined : next }, replace: true })
        }
        tabs={SECTIONS.map((value) => ({
          value,
          label: t(`settings.section.${value}`),
          content: contents[value],
        }))}
      />
    </Page>
  );
}

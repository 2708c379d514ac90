import { Link } from "@tanstack/react-router";
import { FolderOpen, ScrollText } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useOpenDataDir, useOpenLink } from "@/api/mutations";
import { useAbout } from "@/api/queries";
import { Button, buttonClass } from "@/components/button";
import { Segments } from "@/components/choice";
import { Copyable } from "@/components/copy";
import { Facts, Panel } from "@/components/layout";
import { ErrorNotice, SkeletonRows } from "@/components/states";
import { Mark } from "@/frame/mark";
import type { SectionProps } from "./page";
import { Row, Rows } from "./rows";
import { Updates } from "./updates";

export function About({ settings, set }: SectionProps) {
  const { t } = useTranslation();
  const about = useAbout();
  const link = useOpenLink();
  const folder = useOpenDataDir();
  return (
    <div className="grid gap-4">
      <Panel>
        <div className="mb-4 flex items-center gap-3">
          <Mark className="size-10" />
          <div>
            <p className="text-lg font-semibold">WireWarp {about.data?.version}</p>
            <p className="text-muted">{t("about.line")}</p>
          </div>
        </div>
        {about.error && <ErrorNotice error={about.error} onRetry={() => void about.refetch()} />}
        {about.isPending && <SkeletonRows rows={4} />}
        {about.data && (
          <Facts
            facts={[
              [t("about.dataDir"), <Copyable key="d" text={about.data.data_dir} className="text-xs" />],
              [t("about.log"), <Copyable key="l" text={about.data.log_file} className="text-xs" />],
              [t("about.secrets"), t(`about.place.${about.data.secrets}`)],
              [
                t("about.parts"),
                `Tauri ${about.data.tauri} · WebView ${about.data.webview || "–"} · ${about.data.os}`,
              ],
              [t("about.licence"), about.data.licence],
              [
                t("about.source"),
                <button
                  key="s"
                  type="button"
                  className="break-all text-accent hover:underline"
                  onClick={() => link.mutate(about.data.repository)}
                >
                  {about.data.repository}
                </button>,
              ],
            ]}
          />
        )}
        <div className="mt-4">
          <span className="flex flex-wrap gap-2">
            <Button icon={FolderOpen} onClick={() => folder.mutate()}>
              {t("about.openDir")}
            </Button>
            <Link to="/log" className={buttonClass()}>
              <ScrollText aria-hidden className="size-4" />
              {t("programLog.open")}
            </Link>
          </span>
        </div>
      </Panel>
      {about.data && <Updates on={about.data.updates} />}
      <Rows>
        <Row title={t("settings.log")} text={t("settings.logText")}>
          <Segments
            label={t("settings.log")}
            value={settings.log_level}
            onChange={(log_level) => set({ log_level })}
            segments={(["error", "warn", "info", "debug"] as const).map((value) => ({
              value,
              label: t(`settings.levels.${value}`),
            }))}
          />
        </Row>
      </Rows>
    </div>
  );
}

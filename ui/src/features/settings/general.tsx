import { useTranslation } from "react-i18next";
import { useAbout } from "@/api/queries";
import { Switch } from "@/components/choice";
import { HelpLink } from "@/features/help/help-link";
import type { SectionProps } from "./page";
import { between, Row, Rows, TextRow } from "./rows";

export function General({ settings, set }: SectionProps) {
  const { t } = useTranslation();
  const { data: about } = useAbout();
  const tray = about?.tray ?? true;
  return (
    <Rows>
      <Row title={t("settings.tray")} text={t(tray ? "settings.trayText" : "settings.noTray")}>
        <Switch
          checked={settings.close_to_tray && tray}
          disabled={!tray}
          onChange={(close_to_tray) => set({ close_to_tray })}
          label={t("settings.tray")}
        />
      </Row>
      <Row title={t("settings.autostart")}>
        <Switch
          checked={settings.autostart}
          onChange={(autostart) => set({ autostart })}
          label={t("settings.autostart")}
        />
      </Row>
      <Row title={t("settings.notifications")} text={t("settings.notificationsText")}>
        <Switch
          checked={settings.notifications}
          onChange={(notifications) => set({ notifications })}
          label={t("settings.notifications")}
        />
      </Row>
      <TextRow
        numeric
        title={t("settings.refresh")}
        text={t("settings.refreshText")}
        value={String(settings.refresh_seconds)}
        unit="s"
        check={between(0, 86_400, (least, most) => t("settings.between", { least, most }))}
        onSave={(value) => set({ refresh_seconds: Number(value) })}
      />
      <TextRow
        numeric
        title={t("settings.poll")}
        text={t("settings.pollText")}
        value={String(settings.poll_seconds)}
        unit="s"
        check={between(1, 3600, (least, most) => t("settings.between", { least, most }))}
        onSave={(value) => set({ poll_seconds: Number(value) })}
      />
      <TextRow
        numeric
        title={t("settings.pollBackground")}
        text={t("settings.pollBackgroundText")}
        value={String(settings.poll_background_seconds)}
        unit="s"
        check={between(1, 3600, (least, most) => t("settings.between", { least, most }))}
        onSave={(value) => set({ poll_background_seconds: Number(value) })}
      />
      {about && (
        <Row
          title={t("about.secrets")}
          text={
            <>
              {t("settings.secretsText")} <HelpLink to="secrets" />
            </>
          }
        >
          <span className="text-muted">{t(`about.place.${about.secrets}`)}</span>
        </Row>
      )}
    </Rows>
  );
}

import { useTranslation } from "react-i18next";
import type { SectionProps } from "./page";
import { between, Rows, TextRow } from "./rows";

export function Defaults({ settings, set }: SectionProps) {
  const { t } = useTranslation();
  const range = (least: number, most: number) => t("settings.between", { least, most });
  return (
    <Rows>
      <TextRow
        title={t("settings.sshUser")}
        text={t("settings.sshUserText")}
        value={settings.ssh_user}
        placeholder="root"
        onSave={(ssh_user) => set({ ssh_user })}
      />
      <TextRow
        numeric
        title={t("settings.listenPort")}
        text={t("settings.listenPortText")}
        value={String(settings.listen_port)}
        check={between(1, 65_535, range)}
        onSave={(value) => set({ listen_port: Number(value) })}
      />
      <TextRow
        numeric
        title={t("settings.rollback")}
        text={t("settings.rollbackText")}
        value={String(settings.rollback_after)}
        unit="s"
        check={between(10, 3600, range)}
        onSave={(value) => set({ rollback_after: Number(value) })}
      />
    </Rows>
  );
}

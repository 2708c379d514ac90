import { useTranslation } from "react-i18next";
import { Segments } from "@/components/choice";
import type { SectionProps } from "./page";
import { Row, Rows } from "./rows";

export function Appearance({ settings, set }: SectionProps) {
  const { t } = useTranslation();
  return (
    <Rows>
      <Row title={t("settings.theme")} text={t("settings.themeText")}>
        <Segments
          label={t("settings.theme")}
          value={settings.theme}
          onChange={(theme) => set({ theme })}
          segments={(["system", "dark", "light"] as const).map((value) => ({
            value,
            label: t(`settings.themes.${value}`),
          }))}
        />
      </Row>
      <Row title={t("settings.language")}>
        <Segments
          label={t("settings.language")}
          value={settings.language}
          onChange={(language) => set({ language })}
          segments={[
            { value: "system", label: t("settings.themes.system") },
            { value: "en", label: "English" },
            { value: "de", label: "Deutsch" },
          ]}
        />
      </Row>
      <Row title={t("settings.density")} text={t("settings.densityText")}>
        <Segments
          label={t("settings.density")}
          value={settings.density}
          onChange={(density) => set({ density })}
          segments={(["normal", "compact"] as const).map((value) => ({
            value,
            label: t(`settings.densities.${value}`),
          }))}
        />
      </Row>
    </Rows>
  );
}

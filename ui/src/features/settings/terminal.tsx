import { useTranslation } from "react-i18next";
import type { TerminalSettings } from "@/api/generated/types";
import { Segments, Switch } from "@/components/choice";
import type { SectionProps } from "./page";
import { between, Row, Rows, TextRow } from "./rows";

export function TerminalSection({ settings, set }: SectionProps) {
  const { t } = useTranslation();
  const { terminal } = settings;
  const change = (next: Partial<TerminalSettings>) => set({ terminal: { ...terminal, ...next } });
  const range = (least: number, most: number) => t("settings.between", { least, most });
  return (
    <Rows>
      <Row title={t("settings.terminalTheme")}>
        <Segments
          label={t("settings.terminalTheme")}
          value={terminal.theme}
          onChange={(theme) => change({ theme })}
          segments={["system", "dark", "light"].map((value) => ({
            value,
            label:
              value === "system"
                ? t("settings.asWindow")
                : t(value === "dark" ? "settings.themes.dark" : "settings.themes.light"),
          }))}
        />
      </Row>
      <TextRow
        numeric
        title={t("settings.fontSize")}
        value={String(terminal.font_size)}
        unit="px"
        check={between(8, 32, range)}
        onSave={(value) => change({ font_size: Number(value) })}
      />
      <TextRow
        numeric
        title={t("settings.scrollback")}
        text={t("settings.scrollbackText")}
        value={String(terminal.scrollback)}
        check={between(100, 100_000, range)}
        onSave={(value) => change({ scrollback: Number(value) })}
      />
      <Row title={t("settings.warnPaste")} text={t("settings.warnPasteText")}>
        <Switch
          checked={terminal.warn_paste}
          onChange={(warn_paste) => change({ warn_paste })}
          label={t("settings.warnPaste")}
        />
      </Row>
      <Row title={t("settings.copyOnSelect")}>
        <Switch
          checked={terminal.copy_on_select}
          onChange={(copy_on_select) => change({ copy_on_select })}
          label={t("settings.copyOnSelect")}
        />
      </Row>
    </Rows>
  );
}

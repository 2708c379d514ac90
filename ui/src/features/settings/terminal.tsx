import { useTranslation } from "react-i18next";
import type { TerminalSettings } from "@/api/generated/types";
import { Switch } from "@/components/choice";
import { Select } from "@/components/select";
import { THEMES } from "@/features/terminal/themes";
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
        <Select
          aria-label={t("settings.terminalTheme")}
          className="w-44"
          value={THEMES.find((one) => one === terminal.theme) ?? "system"}
          onChange={(theme) => change({ theme })}
          options={THEMES.map((value) => ({ value, label: t(`settings.terminalThemes.${value}`) }))}
        />
      </Row>
      <TextRow
        numeric
        title={t("settings.fontSize")}
        text={t("settings.fontSizeText")}
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

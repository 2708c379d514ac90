import { useTranslation } from "react-i18next";
import { useSetSettings, useSettings } from "@/api/queries";
import type { LogLevel, Settings } from "@/api/generated/types";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Select } from "@/components/select";
import { ErrorNotice, SkeletonRows } from "@/components/states";
import { LEVELS, MODULES } from "./modules";

/** As the others: no level of its own. */
const AS_OTHERS = "*";

/** What goes into the log from now on, of everything and of single parts. */
export function LevelsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const settings = useSettings();
  const save = useSetSettings();
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("programLog.levels")}
      description={t("programLog.levelsText")}
      footer={
        <Button variant="primary" onClick={onClose}>
          {t("common.close")}
        </Button>
      }
    >
      {save.error && <ErrorNotice error={save.error} title={t("programLog.levelsFailed")} />}
      {settings.error && <ErrorNotice error={settings.error} />}
      {settings.isPending && <SkeletonRows rows={5} />}
      {settings.data && <Levels settings={settings.data} onSave={(next) => save.mutate(next)} />}
    </Dialog>
  );
}

function Levels({ settings, onSave }: { settings: Settings; onSave: (next: Settings) => void }) {
  const { t } = useTranslation();
  const options = LEVELS.map((value) => ({ value: value, label: t(`settings.levels.${value}`) }));
  const set = (module: string, level: string) => {
    const others = Object.entries(settings.log_modules).filter(([name]) => name !== module);
    const own = level === AS_OTHERS ? [] : [[module, level as LogLevel] as const];
    onSave({ ...settings, log_modules: Object.fromEntries([...others, ...own]) });
  };
  return (
    <ul className="grid gap-2">
      <li className="flex items-center gap-3">
        <span className="min-w-0 flex-1 font-medium">{t("programLog.everything")}</span>
        <span className="w-48">
          <Select
            aria-label={t("programLog.everything")}
            value={settings.log_level}
            onChange={(level) => onSave({ ...settings, log_level: level })}
            options={options}
          />
        </span>
      </li>
      {MODULES.map((module) => (
        <li key={module} className="flex items-center gap-3">
          <span className="min-w-0 flex-1 font-mono text-xs">{module}</span>
          <span className="w-48">
            <Select
              aria-label={module}
              value={settings.log_modules[module] ?? AS_OTHERS}
              onChange={(level) => set(module, level)}
              options={[{ value: AS_OTHERS, label: t("programLog.asOthers") }, ...options]}
            />
          </span>
        </li>
      ))}
    </ul>
  );
}

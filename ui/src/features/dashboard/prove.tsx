import { useEffect } from "react";
import { ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useChecks, useSetSettings, useSettings } from "@/api/queries";
import { Button } from "@/components/button";
import { Notice } from "@/components/states";
import { useRunCheck } from "@/features/checks/use-run-check";

/** The end of the first start: what was set up is seen to work. It goes once a check has, or when it is put away. */
export function Prove() {
  const { t } = useTranslation();
  const { data: settings } = useSettings();
  const { data: checks } = useChecks();
  const { mutate: set } = useSetSettings();
  const check = useRunCheck();
  const proved = checks?.some((one) => one.check.ok) ?? false;
  const welcomed = settings?.welcomed ?? true;
  useEffect(() => {
    if (settings && proved && !settings.welcomed) set({ ...settings, welcomed: true });
  }, [settings, proved, set]);
  if (welcomed || !checks || proved) return null;
  const actions = (
    <>
      <Button variant="ghost" onClick={() => settings && set({ ...settings, welcomed: true })}>
        {t("first.notNow")}
      </Button>
      <Button icon={ShieldCheck} busy={check.busy} onClick={() => check.run([])}>
        {t("first.prove.action")}
      </Button>
    </>
  );
  return (
    <Notice tone="info" title={t("first.prove.title")} actions={actions}>
      {t("first.prove.text")}
    </Notice>
  );
}

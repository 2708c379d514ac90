import { useEffect } from "react";
import { useNavigate } from "@tanstack/react-router";
import { ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useCheck } from "@/api/mutations";
import { useChecks, useSetSettings, useSettings } from "@/api/queries";
import { asUserError } from "@/api/errors";
import { Button } from "@/components/button";
import { Notice } from "@/components/states";
import { toast } from "@/components/toast";

/** The end of the first start: what was set up is seen to work. It goes once a check has, or when it is put away. */
export function Prove() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data: settings } = useSettings();
  const { data: checks } = useChecks();
  const { mutate: set } = useSetSettings();
  const check = useCheck();
  const proved = checks?.some((one) => one.check.ok) ?? false;
  const welcomed = settings?.welcomed ?? true;
  useEffect(() => {
    if (settings && proved && !settings.welcomed) set({ ...settings, welcomed: true });
  }, [settings, proved, set]);
  if (welcomed || !checks || proved) return null;
  const run = () =>
    check.mutate([], {
      onSuccess: (id) => void navigate({ to: "/jobs/$id", params: { id } }),
      onError: (error) => toast("bad", asUserError(error).message),
    });
  const actions = (
    <>
      <Button variant="ghost" onClick={() => settings && set({ ...settings, welcomed: true })}>
        {t("first.notNow")}
      </Button>
      <Button icon={ShieldCheck} busy={check.isPending} onClick={run}>
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

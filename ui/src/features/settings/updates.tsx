import { Download, RefreshCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useInstallUpdate, useNewerVersion } from "@/api/mutations";
import { Button } from "@/components/button";
import { Panel } from "@/components/layout";
import { ErrorNotice } from "@/components/states";

/** Looks for a newer version, where the build has a publisher. */
export function Updates({ on }: { on: boolean }) {
  const { t } = useTranslation();
  const look = useNewerVersion();
  const install = useInstallUpdate();
  const error = look.error ?? install.error;
  return (
    <Panel title={t("about.updates")}>
      <p className="text-muted">{t(on ? "about.updatesText" : "about.updatesOff")}</p>
      {error && <ErrorNotice error={error} onRetry={() => look.mutate()} />}
      <div aria-live="polite">
        {look.isSuccess && !look.data && <p className="mt-3">{t("about.newest")}</p>}
        {look.data && (
          <div className="mt-3 grid gap-2">
            <p className="font-medium">{t("about.newer", { version: look.data.version })}</p>
            <p className="whitespace-pre-wrap text-muted">{look.data.notes}</p>
          </div>
        )}
      </div>
      {on && (
        <div className="mt-4 flex gap-2">
          <Button icon={RefreshCw} busy={look.isPending} onClick={() => look.mutate()}>
            {t("about.look")}
          </Button>
          {look.data && (
            <Button
              icon={Download}
              variant="primary"
              busy={install.isPending}
              onClick={() => install.mutate()}
            >
              {t("about.install")}
            </Button>
          )}
        </div>
      )}
    </Panel>
  );
}

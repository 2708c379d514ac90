import { useState } from "react";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useKeepClientKey, useSaveClientConfig } from "@/api/mutations";
import { useClientConfig } from "@/api/queries";
import type { ClientConfigView } from "@/api/generated/types";
import { asUserError } from "@/api/errors";
import { Button } from "@/components/button";
import { Checkbox } from "@/components/choice";
import { CopyButton } from "@/components/copy";
import { Panel } from "@/components/layout";
import { ErrorNotice, Skeleton } from "@/components/states";
import { toastError, useToldSaved } from "@/components/toast";
import { openPlan } from "@/features/plans/plan-dialog";

/** A manual peer's configuration. It holds the private key, so it is shown when it is asked for. */
export function ClientConfigPanel({ peer }: { peer: string }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  const show = (
    <Button size="sm" onClick={() => setShown(!shown)}>
      {t(shown ? "common.hide" : "common.show")}
    </Button>
  );
  return (
    <Panel title={t("config.title")} aside={show}>
      {shown ? <ClientConfig peer={peer} /> : <p className="text-muted">{t("config.hidden")}</p>}
    </Panel>
  );
}

export function ClientConfig({ peer }: { peer: string }) {
  const { t } = useTranslation();
  const config = useClientConfig(peer);
  if (config.isPending) return <Skeleton className="h-50" />;
  if (config.error) {
    const noKey = asUserError(config.error).code === "no_key";
    const rotate = () =>
      openPlan({
        title: t("peers.rotateTitle", { name: peer }),
        source: { change: { change: "peer_rotate_keys", name: peer } },
      });
    return (
      <ErrorNotice
        error={config.error}
        onRetry={noKey ? undefined : () => void config.refetch()}
        actions={noKey && <Button onClick={rotate}>{t("peers.rotate")}</Button>}
      />
    );
  }
  return <Shown peer={peer} config={config.data} />;
}

function Shown({ peer, config }: { peer: string; config: ClientConfigView }) {
  const { t } = useTranslation();
  const save = useSaveClientConfig();
  const told = useToldSaved();
  const keep = useKeepClientKey(peer);
  // An image, not markup: what is in it can show itself and nothing else.
  const qr = `data:image/svg+xml;utf8,${encodeURIComponent(config.qr_svg)}`;
  return (
    <div className="@container">
      <div className="grid gap-4 @md:grid-cols-[auto_minmax(0,1fr)]">
        <img src={qr} alt={t("config.qr", { peer })} className="size-50 rounded-md bg-[#fff] p-1" />
        <div className="grid content-start gap-3">
          <pre
            tabIndex={0}
            role="group"
            aria-label={config.file_name}
            className="max-h-50 overflow-auto rounded-md border bg-sunken p-2.5 text-xs"
          >
            {config.text}
          </pre>
          <div className="flex flex-wrap gap-2">
            <Button icon={Download} busy={save.isPending} onClick={() => save.mutate(peer, told)}>
              {t("config.save", { file: config.file_name })}
            </Button>
            <CopyButton text={config.text} label={t("common.copy")} />
          </div>
          <Checkbox
            checked={config.kept}
            disabled={keep.isPending}
            onChange={(next) => keep.mutate(next, { onError: toastError })}
            label={t("config.keep")}
            hint={t(config.kept ? "config.kept" : "config.notKept")}
          />
        </div>
      </div>
    </div>
  );
}

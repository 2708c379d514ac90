import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSaveSupportBundle } from "@/api/mutations";
import type { SupportBundleView } from "@/api/generated/types";
import { Button } from "@/components/button";
import { Checkbox } from "@/components/choice";
import { Copyable } from "@/components/copy";
import { Dialog } from "@/components/dialog";
import { ErrorNotice, Notice } from "@/components/states";
import { bytes } from "@/lib/format";

/** What helps others to help, in a file without a secret. */
export function BundleDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [mask, setMask] = useState(true);
  const save = useSaveSupportBundle();
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("programLog.bundle")}
      description={t("programLog.bundleText")}
      footer={
        <>
          <Button onClick={onClose}>{t("common.close")}</Button>
          <Button variant="primary" busy={save.isPending} onClick={() => save.mutate(mask)}>
            {t("programLog.write")}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Checkbox
          checked={mask}
          onChange={setMask}
          label={t("programLog.mask")}
          hint={t("programLog.maskText")}
        />
        {save.error && <ErrorNotice error={save.error} title={t("programLog.bundleFailed")} />}
        {save.data && <Written bundle={save.data} />}
      </div>
    </Dialog>
  );
}

function Written({ bundle }: { bundle: SupportBundleView }) {
  const { t, i18n } = useTranslation();
  return (
    <div className="grid gap-3">
      <Notice tone="ok" title={t("programLog.written")}>
        <Copyable text={bundle.path} className="text-xs" />
      </Notice>
      {!bundle.secrets_compared && <Notice tone="warn" title={t("programLog.notCompared")} />}
      <ul aria-label={t("programLog.inside")} className="grid gap-0.5 text-xs text-muted">
        {bundle.entries.map((entry) => (
          <li key={entry.name} className="flex gap-3">
            <span className="min-w-0 flex-1 truncate font-mono">{entry.name}</span>
            {bytes(entry.bytes, i18n.language)}
          </li>
        ))}
      </ul>
    </div>
  );
}

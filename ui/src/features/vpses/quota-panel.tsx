import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSetQuota } from "@/api/mutations";
import { useMonth } from "@/api/queries";
import type { Month } from "@/api/generated/types";
import { Button, LinkButton } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Facts, Meter, Panel } from "@/components/layout";
import { ErrorNotice, Skeleton } from "@/components/states";
import { TextField } from "@/components/text-field";
import { bytes, exact } from "@/lib/format";

const TB = 1_000_000_000_000;

/** What the VPS carried this month, against what its provider lets it carry. */
export function QuotaPanel({ vps }: { vps: string }) {
  const { t } = useTranslation();
  const month = useMonth(vps);
  const [open, setOpen] = useState(false);
  return (
    <Panel
      title={t("quota.title")}
      aside={month.data && <LinkButton onClick={() => setOpen(true)}>{t("quota.set")}</LinkButton>}
    >
      {month.error && <ErrorNotice error={month.error} onRetry={() => void month.refetch()} />}
      {month.isPending && <Skeleton className="h-16" />}
      {month.data && <Shown month={month.data} />}
      {open && month.data && <QuotaDialog vps={vps} month={month.data} onClose={() => setOpen(false)} />}
    </Panel>
  );
}

function Shown({ month }: { month: Month }) {
  const { t, i18n } = useTranslation();
  const size = (count: number) => bytes(count, i18n.language);
  const { used, quota, forecast } = month;
  const when = (at: number) => exact(at * 1000, i18n.language);
  return (
    <div className="grid gap-3">
      {quota !== null && (
        <div className="grid gap-1">
          <p>{t("quota.of", { used: size(used), quota: size(quota) })}</p>
          <Meter value={used / quota} label={t("quota.title")} />
        </div>
      )}
      <Facts
        facts={[
          quota === null && [t("quota.used"), size(used)],
          [t("quota.forecast"), forecast === null ? t("quota.tooEarly") : size(forecast)],
          month.used_up_at !== null && [t("quota.usedUp"), when(month.used_up_at)],
          [t("quota.until"), when(month.to)],
        ]}
      />
    </div>
  );
}

interface QuotaDialogProps {
  vps: string;
  month: Month;
  onClose: () => void;
}

function QuotaDialog({ vps, month, onClose }: QuotaDialogProps) {
  const { t } = useTranslation();
  const save = useSetQuota(vps);
  const startSize = month.quota === null ? "" : String(month.quota / TB);
  const startDay = String(new Date(month.from * 1000).getUTCDate());
  const [size, setSize] = useState(startSize);
  const [day, setDay] = useState(startDay);
  const terabytes = Number(size.trim().replace(",", "."));
  const badSize = size.trim() !== "" && !(terabytes > 0 && terabytes <= 100_000);
  const first = Number(day);
  const badDay = !(Number.isInteger(first) && first >= 1 && first <= 28);
  const quota = size.trim() === "" ? null : { bytes: Math.round(terabytes * TB), first_day: first };
  return (
    <Dialog
      open
      onClose={onClose}
      width="sm"
      unsaved={size !== startSize || day !== startDay}
      title={t("quota.setTitle", { name: vps })}
      description={t("quota.setText")}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            variant="primary"
            busy={save.isPending}
            disabled={badSize || badDay}
            onClick={() => save.mutate(quota, { onSuccess: onClose })}
          >
            {t("common.save")}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <TextField
          label={t("quota.size")}
          optional
          autoFocus
          inputMode="decimal"
          mono
          hint={t("quota.sizeHint")}
          error={badSize ? t("quota.sizeWrong") : undefined}
          value={size}
          onChange={setSize}
        />
        <TextField
          label={t("quota.day")}
          inputMode="numeric"
          mono
          error={badDay ? t("quota.dayWrong") : undefined}
          value={day}
          onChange={setDay}
        />
        {save.error && <ErrorNotice error={save.error} />}
      </div>
    </Dialog>
  );
}

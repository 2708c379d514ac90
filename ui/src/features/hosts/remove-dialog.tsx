import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Change } from "@/api/generated/types";
import { Button } from "@/components/button";
import { Checkbox } from "@/components/choice";
import { Dialog } from "@/components/dialog";
import { openPlan } from "@/features/plans/plan-dialog";

interface RemoveProps {
  kind: "vps" | "peer";
  names: string[];
  onClose: () => void;
  onRemoved: () => void;
}

/** Asks how a VPS or peers are to go; what follows is a plan like any other. */
export function RemoveDialog({ kind, names, onClose, onRemoved }: RemoveProps) {
  const { t } = useTranslation();
  const [forget, setForget] = useState(false);
  const [packages, setPackages] = useState(false);
  const what = names.length === 1 ? (names[0] ?? "") : t("peers.many", { count: names.length });
  const options = { forget, remove_packages: packages && !forget };
  const change: Change =
    kind === "vps"
      ? { change: "vps_remove", name: names[0] ?? "", ...options }
      : { change: "peer_remove", names, ...options };
  const go = () => {
    onClose();
    openPlan({ title: t("remove.title", { what }), danger: true, source: { change }, onApplied: onRemoved });
  };
  const footer = (
    <>
      <Button autoFocus onClick={onClose}>
        {t("common.cancel")}
      </Button>
      <Button variant="danger" onClick={go}>
        {t("remove.plan")}
      </Button>
    </>
  );
  return (
    <Dialog open onClose={onClose} title={t("remove.title", { what })} width="sm" footer={footer}>
      <div className="grid gap-3">
        <p className="text-muted">{t(kind === "vps" ? "remove.vpsText" : "remove.peerText")}</p>
        <Checkbox
          checked={packages && !forget}
          disabled={forget}
          onChange={setPackages}
          label={t("remove.packages")}
          hint={t("remove.packagesHint")}
        />
        <Checkbox
          checked={forget}
          onChange={setForget}
          label={t("remove.forget")}
          hint={t("remove.forgetHint")}
        />
      </div>
    </Dialog>
  );
}

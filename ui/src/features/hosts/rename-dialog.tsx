import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Change } from "@/api/generated/types";
import { FormDialog } from "@/components/form-dialog";
import { TextField } from "@/components/text-field";
import { openPlan } from "@/features/plans/plan-dialog";

interface RenameProps {
  kind: "vps" | "peer";
  name: string;
  onClose: () => void;
  onRenamed: (name: string) => void;
}

export function RenameDialog({ kind, name, onClose, onRenamed }: RenameProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(name);
  const next = text.trim();
  const title = (from: string, to: string) => t("vps.renameTo", { name: from, next: to });
  const change = (from: string, to: string): Change => ({
    change: kind === "vps" ? "vps_rename" : "peer_rename",
    name: from,
    new_name: to,
  });
  const go = () =>
    openPlan({
      title: title(name, next),
      source: { change: change(name, next) },
      onApplied: () => onRenamed(next),
      undo: { title: title(next, name), change: change(next, name) },
    });
  return (
    <FormDialog
      width="sm"
      title={t("vps.renameTitle", { name })}
      action={t("vps.rename")}
      disabled={next === "" || next === name}
      unsaved={next !== name}
      onClose={onClose}
      onSubmit={go}
    >
      <TextField autoFocus label={t("vpses.name")} hint={t("vps.nameHint")} value={text} onChange={setText} />
    </FormDialog>
  );
}

import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Change } from "@/api/generated/types";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Field } from "@/components/field";
import { Input } from "@/components/input";
import { openPlan } from "@/features/plans/plan-dialog";

interface RenameProps {
  kind: "vps" | "peer";
  name: string;
  onClose: () => void;
  onRenamed: (name: string) => void;
}

export function RenameDialog({ kind, name, onClose, onRenamed }: RenameProps) {
  const { t } = useTranslation();
  const [next, setNext] = useState(name);
  const form = useId();
  const rename = (from: string, to: string): Change => ({
    change: kind === "vps" ? "vps_rename" : "peer_rename",
    name: from,
    new_name: to,
  });
  const footer = (
    <>
      <Button onClick={onClose}>{t("common.cancel")}</Button>
      <Button
        type="submit"
        form={form}
        variant="primary"
        disabled={next.trim() === "" || next.trim() === name}
      >
        {t("vps.rename")}
      </Button>
    </>
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("vps.renameTitle", { name })}
      width="sm"
      footer={footer}
      unsaved={next.trim() !== name}
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          const to = next.trim();
          openPlan({
            title: t("vps.renameTo", { name, next: to }),
            source: { change: rename(name, to) },
            onApplied: () => onRenamed(to),
            undo: { title: t("vps.renameTo", { name: to, next: name }), change: rename(to, name) },
          });
        }}
      >
        <Field label={t("vpses.name")} hint={t("vps.nameHint")}>
          {(control) => (
            <Input {...control} autoFocus value={next} onChange={(event) => setNext(event.target.value)} />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

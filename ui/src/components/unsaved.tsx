import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Confirm } from "./dialog";

/** Asks before a page is left on which something was typed. */
export function Unsaved({ when }: { when: boolean }) {
  const { t } = useTranslation();
  const blocker = useBlocker({ shouldBlockFn: () => when, enableBeforeUnload: false, withResolver: true });
  return (
    <Confirm
      open={blocker.status === "blocked"}
      title={t("common.unsavedTitle")}
      action={t("common.discard")}
      onClose={() => blocker.reset?.()}
      onConfirm={() => blocker.proceed?.()}
    />
  );
}

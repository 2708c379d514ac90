import { useId, type ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./button";
import { Dialog } from "./dialog";

interface FormDialogProps extends Omit<ComponentProps<typeof Dialog>, "open" | "footer"> {
  /** The button: what happens. */
  action: string;
  /** It cannot be sent as it is. */
  disabled?: boolean;
  onSubmit: () => void;
}

/** A dialog that is filled in. It closes when it is sent; what follows is a plan like any other. */
export function FormDialog({ action, disabled, onSubmit, children, ...dialog }: FormDialogProps) {
  const { t } = useTranslation();
  const form = useId();
  const footer = (
    <>
      <Button onClick={dialog.onClose}>{t("common.cancel")}</Button>
      <Button type="submit" form={form} variant="primary" disabled={disabled}>
        {action}
      </Button>
    </>
  );
  return (
    <Dialog {...dialog} open footer={footer}>
      <form
        id={form}
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          dialog.onClose();
          onSubmit();
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}

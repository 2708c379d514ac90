import { useId, useState, type ReactNode } from "react";
import { useBlocker } from "@tanstack/react-router";
import { Dialog as Radix } from "radix-ui";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { cx } from "@/lib/cx";
import { Button, IconButton } from "./button";

const overlay = "fixed inset-0 z-40 bg-shade/55 appear";

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  /** `drawer`: from the right, so that the list stays in view. */
  shape?: "center" | "drawer";
  width?: "sm" | "md" | "lg";
  footer?: ReactNode;
  /** Something was typed that would be lost: closing asks first. */
  unsaved?: boolean;
  children: ReactNode;
}

const widths = { sm: "max-w-105", md: "max-w-140", lg: "max-w-220" };

/** A dialog in the middle or a drawer from the right; one head, one body that scrolls, one foot. */
export function Dialog(props: DialogProps) {
  const {
    open,
    onClose,
    title,
    description,
    shape = "center",
    width = "md",
    footer,
    unsaved,
    children,
  } = props;
  const { t } = useTranslation();
  const own = useId();
  const [asking, setAsking] = useState(false);
  const drawer = shape === "drawer";
  const leave = () => (unsaved ? setAsking(true) : onClose());
  // A link in it, or a shortcut, leads away: what was typed would be lost as well.
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => open && !!unsaved && current.pathname !== next.pathname,
    enableBeforeUnload: false,
    withResolver: true,
  });
  const blocked = blocker.status === "blocked";
  const stay = () => {
    setAsking(false);
    blocker.reset?.();
  };
  const discard = () => (blocked ? blocker.proceed() : onClose());
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && leave()}>
      <Radix.Portal>
        <Radix.Overlay data-behind={own} className={cx(overlay, drawer && "bg-shade/35")} />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          onInteractOutside={(event) => {
            // Another dialog above it, or a toast, is outside as well, and no way to leave this one.
            if ((event.target as HTMLElement).dataset.behind !== own) event.preventDefault();
          }}
          onOpenAutoFocus={(event) => {
            // Nothing in it wants the focus: it goes to the dialog, not to the way out.
            event.preventDefault();
            (event.currentTarget as HTMLElement).focus();
          }}
          className={cx(
            "fixed z-50 flex w-full flex-col border-line bg-surface text-sm shadow-float focus:outline-none",
            widths[width],
            drawer
              ? "inset-y-0 right-0 border-l slide-in"
              : "top-1/2 left-1/2 max-h-[calc(100dvh-2rem)] -translate-x-1/2 -translate-y-1/2 rounded-lg border",
          )}
        >
          <header className="flex items-start gap-3 border-b px-5 py-3.5">
            <div className="min-w-0 flex-1 pt-1">
              <Radix.Title className="text-lg leading-6 font-semibold">{title}</Radix.Title>
              {description && (
                <Radix.Description className="mt-0.5 text-muted">{description}</Radix.Description>
              )}
            </div>
            <IconButton icon={X} label={t("common.close")} onClick={leave} />
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
          {footer && (
            <footer className="flex flex-wrap justify-end gap-2 border-t px-5 py-3">{footer}</footer>
          )}
          {(asking || blocked) && (
            <div
              role="alertdialog"
              aria-label={t("common.unsavedTitle")}
              className="flex flex-wrap items-center gap-2 border-t bg-raised px-5 py-3"
            >
              <p className="min-w-40 flex-1">{t("common.unsavedTitle")}</p>
              <Button autoFocus onClick={stay}>
                {t("common.keepEditing")}
              </Button>
              <Button variant="danger" onClick={discard}>
                {t("common.discard")}
              </Button>
            </div>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export const Drawer = (props: Omit<DialogProps, "shape">) => <Dialog {...props} shape="drawer" />;

interface ConfirmProps {
  open: boolean;
  onClose: () => void;
  onConfirm: () => void;
  title: string;
  /** The button: what happens, e.g. “Remove forward”. */
  action: string;
  busy?: boolean;
  children?: ReactNode;
}

/** Before what cannot be undone. The way back has the focus. */
export function Confirm({ open, onClose, onConfirm, title, action, busy, children }: ConfirmProps) {
  const { t } = useTranslation();
  const footer = (
    <>
      <Button autoFocus onClick={onClose}>
        {t("common.cancel")}
      </Button>
      <Button variant="danger" busy={busy} onClick={onConfirm}>
        {action}
      </Button>
    </>
  );
  return (
    <Dialog open={open} onClose={onClose} title={title} width="sm" footer={footer}>
      {children}
    </Dialog>
  );
}

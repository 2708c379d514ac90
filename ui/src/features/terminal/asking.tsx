import { useTranslation } from "react-i18next";
import { useOpenLink } from "@/api/mutations";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { toastError } from "@/components/toast";
import { answered, terminals } from "./store";

/** Questions of terminals: a paste of several lines, a link that is to be opened. */
export function Asking() {
  const { t } = useTranslation();
  const { asking } = terminals.use();
  const link = useOpenLink();
  if (!asking) return null;
  const paste = asking.kind === "paste";
  const text = paste ? asking.text : asking.url;
  const lines = text.trimEnd().split(/\r\n|\r|\n/);
  const go = () => {
    if (paste) asking.session.paste(text);
    else link.mutate(text, { onError: toastError });
    answered();
  };
  const footer = (
    <>
      <Button onClick={answered}>{t("common.cancel")}</Button>
      <Button variant="primary" autoFocus onClick={go}>
        {paste ? t("terminal.pasteDo", { count: lines.length }) : t("terminal.linkDo")}
      </Button>
    </>
  );
  return (
    <Dialog
      open
      onClose={answered}
      title={
        paste
          ? t("terminal.pasteTitle", { count: lines.length, host: asking.session.host })
          : t("terminal.linkTitle")
      }
      footer={footer}
    >
      <p className="mb-2 text-muted">{t(paste ? "terminal.pasteText" : "terminal.linkText")}</p>
      <pre
        tabIndex={0}
        role="group"
        aria-label={t("terminal.content")}
        className="max-h-60 overflow-auto rounded-md border bg-sunken p-2.5 text-xs break-all whitespace-pre-wrap"
      >
        {lines.slice(0, 200).join("\n")}
      </pre>
    </Dialog>
  );
}

import { useEffect, useState } from "react";
import { Check, Copy } from "lucide-react";
import { useTranslation } from "react-i18next";
import { cx } from "@/lib/cx";
import { Button } from "./button";

/** Copies, and says so for a moment. */
export function useCopy() {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1400);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (text: string) => {
    void navigator.clipboard.writeText(text).then(() => setCopied(true));
  };
  return { copied, copy };
}

interface CopyableProps {
  /** What is copied, and shown unless there are children. */
  text: string;
  /** What it is, for its name: “Copy public IP 203.0.113.10”. */
  what?: string | undefined;
  /** What is shown, where that is not what is copied. */
  shown?: string | undefined;
  className?: string | undefined;
  children?: React.ReactNode;
}

/** An address, key or command: monospace, copied by a click. */
export function Copyable({ text, what, shown = text, className, children }: CopyableProps) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy();
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      title={text}
      aria-label={t("common.copyNamed", { what: what ? `${what} ${shown}` : shown })}
      onClick={(event) => {
        event.stopPropagation();
        copy(text);
      }}
      className={cx(
        "group/copy relative -mx-1 inline-flex max-w-[calc(100%+0.5rem)] min-w-0 items-center rounded-sm px-1 text-left hover:tint-muted",
        className,
      )}
    >
      <span className="min-w-0 truncate font-mono">{children ?? shown}</span>
      <Icon
        aria-hidden
        className={cx(
          "absolute left-full ml-0.5 size-3",
          copied
            ? "text-ok"
            : "text-muted opacity-0 group-hover/copy:opacity-100 group-focus-visible/copy:opacity-100",
        )}
      />
      <span role="status" className="sr-only">
        {copied ? t("common.copied") : ""}
      </span>
    </button>
  );
}

export function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy();
  return (
    <Button icon={copied ? Check : Copy} onClick={() => copy(text)}>
      {copied ? t("common.copied") : label}
    </Button>
  );
}

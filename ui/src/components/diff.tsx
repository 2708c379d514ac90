import { useTranslation } from "react-i18next";
import { cx } from "@/lib/cx";

const line: Record<string, string> = { "+": "tint-ok", "-": "tint-bad", "@": "text-muted" };

/** A unified diff. Lines keep their sign, so that colour is not all that tells them apart. */
export function Diff({ text, label, className }: { text: string; label: string; className?: string }) {
  const { t } = useTranslation();
  if (text === "") return <p className="px-3 py-2 text-muted">{t("common.noDifference")}</p>;
  const lines = text.replace(/\n$/, "").split("\n");
  return (
    <pre
      tabIndex={0}
      role="group"
      aria-label={label}
      className={cx(
        "overflow-auto bg-sunken py-1 text-xs leading-5 -outline-offset-2",
        className ?? "max-h-96",
      )}
    >
      <code className="block w-max min-w-full">
        {lines.map((content, index) => (
          <span
            key={index}
            className={cx(
              "block px-3 whitespace-pre",
              headed(content) ? "text-muted" : line[content[0] ?? ""],
            )}
          >
            {content || " "}
          </span>
        ))}
      </code>
    </pre>
  );
}

const headed = (content: string) => content.startsWith("+++") || content.startsWith("---");

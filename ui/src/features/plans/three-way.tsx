import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { DriftFile } from "@/api/generated/types";
import { cx } from "@/lib/cx";

const SIDES = ["desired", "applied", "live"] as const;

/** A file from three sides: what is wanted, what was applied, what is there. Lines that not all sides have are marked. */
export function ThreeWay({ file }: { file: DriftFile }) {
  const { t } = useTranslation();
  const lines = SIDES.map((side) => file[side]?.replace(/\n$/, "").split("\n") ?? null);
  const everywhere = (line: string) => lines.every((side) => side?.includes(line));
  const place = useRef<HTMLDivElement>(null);
  // A file is long, and what differs in it is what one came for.
  useEffect(() => {
    for (const side of place.current?.querySelectorAll("pre") ?? []) {
      const first = side.querySelector<HTMLElement>("[data-own]");
      if (first) side.scrollTop = first.offsetTop - side.offsetTop - 3 * first.offsetHeight;
    }
  }, [file]);
  return (
    <div ref={place} className="grid md:grid-cols-3">
      {SIDES.map((side, index) => (
        <div
          key={side}
          className="min-w-0 border-line not-first:border-t md:not-first:border-t-0 md:not-first:border-l"
        >
          <h3 className="bg-hover/60 px-3 py-1.5 text-xs text-muted">{t(`drift.side.${side}`)}</h3>
          <pre
            tabIndex={0}
            role="group"
            aria-label={t(`drift.side.${side}`)}
            className="max-h-96 overflow-auto bg-sunken py-1 text-xs leading-5 -outline-offset-2"
          >
            <code className="block w-max min-w-full">
              {lines[index]?.map((line, number) => {
                const own = !everywhere(line);
                return (
                  <span
                    key={number}
                    data-own={own || undefined}
                    className={cx(
                      "block pr-3 whitespace-pre",
                      own && (side === "live" ? "tint-warn" : "tint-info"),
                    )}
                  >
                    <span aria-hidden className="inline-block w-5 text-center select-none">
                      {own ? "≠" : ""}
                    </span>
                    {line || " "}
                  </span>
                );
              }) ?? <span className="block px-3 text-muted">{t("drift.absent")}</span>}
            </code>
          </pre>
        </div>
      ))}
    </div>
  );
}

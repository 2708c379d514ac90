import { useId, useMemo, useRef, useState, type ReactNode } from "react";
import { Popover } from "radix-ui";
import { Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { cx } from "@/lib/cx";
import type { Option } from "./select";

/** Most options that are shown at once; more are found by typing. */
const MOST = 50;

interface ComboProps<T extends string> {
  /** What is chosen from, for the name of the field that is typed into. */
  label: string;
  value: T | undefined;
  onChange: (value: T) => void;
  options: Option<T>[];
  /** What opens it; it becomes a combo box. */
  children: ReactNode;
}

/** One of many, found by typing: what begins with the text first, then what has it anywhere. */
export function Combo<T extends string>({ label, value, onChange, options, children }: ComboProps<T>) {
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>{children}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          className="z-60 w-72 max-w-[calc(100vw-2rem)] min-w-(--radix-popover-trigger-width) overflow-hidden rounded-lg border border-line-strong bg-raised shadow-float appear"
        >
          <Finder
            label={label}
            value={value}
            options={options}
            onChoose={(next) => {
              setOpen(false);
              onChange(next);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface FinderProps<T extends string> {
  label: string;
  value: T | undefined;
  options: Option<T>[];
  onChoose: (value: T) => void;
}

function Finder<T extends string>({ label, value, options, onChoose }: FinderProps<T>) {
  const { t } = useTranslation();
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const { shown, left } = useMemo(() => find(options, text), [options, text]);
  const go = (to: number) => {
    const next = Math.max(0, Math.min(shown.length - 1, to));
    setAt(next);
    list.current?.children[next]?.scrollIntoView({ block: "nearest" });
  };
  return (
    <>
      <input
        autoFocus
        role="combobox"
        aria-label={t("common.find", { what: label })}
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={shown[at] ? `${id}-${at}` : undefined}
        placeholder={t("common.find", { what: label })}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          const chosen = shown[at];
          if (event.key === "ArrowDown") go(at + 1);
          else if (event.key === "ArrowUp") go(at - 1);
          else if (event.key === "Enter" && chosen && !chosen.disabled) onChoose(chosen.value);
          else return;
          event.preventDefault();
        }}
        className="h-9 w-full border-b bg-transparent px-3 placeholder:text-muted focus:outline-none"
      />
      <ul
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        className="max-h-[min(18rem,50vh)] overflow-y-auto p-1"
      >
        {shown.map((option, index) => (
          <li
            key={option.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={option.value === value}
            aria-disabled={option.disabled ?? undefined}
            onPointerMove={() => setAt(index)}
            onClick={() => !option.disabled && onChoose(option.value)}
            className={cx(
              "flex min-h-8 items-center gap-2 rounded-md px-2 py-1",
              index === at && "tint-accent",
              option.disabled && "opacity-45",
            )}
          >
            <span className="grid size-4 shrink-0 place-items-center">
              {option.value === value && <Check aria-hidden className="size-4 text-accent" />}
            </span>
            <span className="min-w-0">
              <span className="block truncate" title={option.label}>
                {option.label}
              </span>
              {option.detail && <span className="block truncate text-xs text-muted">{option.detail}</span>}
            </span>
          </li>
        ))}
      </ul>
      <p
        role="status"
        className={cx("px-3 py-1.5 text-xs text-muted", shown.length > 0 && left === 0 && "sr-only")}
      >
        {shown.length === 0 ? t("table.nothing") : left > 0 ? t("common.moreFound", { count: left }) : ""}
      </p>
    </>
  );
}

function find<T extends string>(options: Option<T>[], text: string): { shown: Option<T>[]; left: number } {
  const wanted = text.trim().toLowerCase();
  const begins: Option<T>[] = [];
  const has: Option<T>[] = [];
  for (const option of options) {
    const label = option.label.toLowerCase();
    if (label.startsWith(wanted)) begins.push(option);
    else if (label.includes(wanted) || option.detail?.toLowerCase().includes(wanted)) has.push(option);
  }
  const found = [...begins, ...has];
  return { shown: found.slice(0, MOST), left: Math.max(0, found.length - MOST) };
}

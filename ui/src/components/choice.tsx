import type { ReactNode } from "react";
import { Checkbox as RadixCheckbox, RadioGroup, Switch as RadixSwitch, ToggleGroup } from "radix-ui";
import { Check, Minus } from "lucide-react";
import { cx } from "@/lib/cx";

interface CheckboxProps {
  checked: boolean | "indeterminate";
  onChange: (checked: boolean) => void;
  label: ReactNode;
  hint?: ReactNode;
  disabled?: boolean;
  /** The label is there for screen readers alone (a table's rows). */
  bare?: boolean;
}

export function Checkbox({ checked, onChange, label, hint, disabled, bare }: CheckboxProps) {
  const box = (
    <RadixCheckbox.Root
      checked={checked}
      {...(disabled ? { disabled } : {})}
      onCheckedChange={(next) => onChange(next === true)}
      onClick={(event) => event.stopPropagation()}
      aria-label={bare && typeof label === "string" ? label : undefined}
      className="grid size-4 shrink-0 place-items-center rounded-sm border border-line-strong bg-field data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent disabled:opacity-50"
    >
      <RadixCheckbox.Indicator className="text-on-accent">
        {checked === "indeterminate" ? (
          <Minus aria-hidden className="size-3" strokeWidth={3} />
        ) : (
          <Check aria-hidden className="size-3" strokeWidth={3} />
        )}
      </RadixCheckbox.Indicator>
    </RadixCheckbox.Root>
  );
  if (bare) return box;
  return (
    <label className="flex items-start gap-2">
      <span className="mt-0.5">{box}</span>
      <span>
        {label}
        {hint && <span className="block text-xs text-muted">{hint}</span>}
      </span>
    </label>
  );
}

interface SwitchProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: string;
  disabled?: boolean;
}

export function Switch({ checked, onChange, label, disabled }: SwitchProps) {
  return (
    <RadixSwitch.Root
      checked={checked}
      {...(disabled ? { disabled } : {})}
      onCheckedChange={onChange}
      onClick={(event) => event.stopPropagation()}
      aria-label={label}
      className="relative h-5 w-9 shrink-0 rounded-full border border-line-strong bg-sunken transition-colors duration-100 data-[state=checked]:border-accent data-[state=checked]:bg-accent disabled:opacity-50"
    >
      <RadixSwitch.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-muted transition-transform duration-100 data-[state=checked]:translate-x-[1.125rem] data-[state=checked]:bg-on-accent" />
    </RadixSwitch.Root>
  );
}

export interface Card<T extends string> {
  value: T;
  title: string;
  text?: ReactNode;
  disabled?: boolean;
}

interface CardsProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  cards: Card<T>[];
  columns?: 1 | 2 | 3;
}

const columnsClass = { 1: "", 2: "sm:grid-cols-2", 3: "sm:grid-cols-3" };

/** One of a few ways, each with what it means. */
export function Cards<T extends string>({ label, value, onChange, cards, columns = 1 }: CardsProps<T>) {
  return (
    <RadioGroup.Root
      value={value}
      onValueChange={(next) => onChange(next as T)}
      aria-label={label}
      className={cx("grid gap-2", columnsClass[columns])}
    >
      {cards.map((card) => (
        <RadioGroup.Item
          key={card.value}
          value={card.value}
          {...(card.disabled ? { disabled: true } : {})}
          className="flex items-start gap-2.5 rounded-lg border border-line p-3 text-left hover:border-line-strong data-[state=checked]:border-accent data-[state=checked]:tint-accent disabled:opacity-50"
        >
          <span className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-full border border-line-strong bg-field">
            <RadioGroup.Indicator className="size-2 rounded-full bg-accent" />
          </span>
          <span className="min-w-0">
            <span className="block font-medium">{card.title}</span>
            {card.text && <span className="block text-xs text-muted">{card.text}</span>}
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}

interface SegmentsProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  segments: { value: T; label: ReactNode; name?: string }[];
}

/** A few short choices side by side. */
export function Segments<T extends string>({ label, value, onChange, segments }: SegmentsProps<T>) {
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      onValueChange={(next) => next && onChange(next as T)}
      aria-label={label}
      className="inline-flex h-8 items-center rounded-md border border-line bg-sunken p-0.5 pointer-coarse:h-11"
    >
      {segments.map((segment) => (
        <ToggleGroup.Item
          key={segment.value}
          value={segment.value}
          aria-label={segment.name}
          className="inline-flex h-full items-center gap-1.5 rounded-sm px-2.5 text-sm text-muted hover:text-text data-[state=on]:bg-raised data-[state=on]:text-text data-[state=on]:outline data-[state=on]:outline-line"
        >
          {segment.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}

import { Select as Radix } from "radix-ui";
import { Check, ChevronDown } from "lucide-react";
import { cx } from "@/lib/cx";
import { Combo } from "./combo";
import { inputClass } from "./input";

export interface Option<T extends string> {
  value: T;
  label: string;
  /** A second, quieter line. */
  detail?: string | undefined;
  disabled?: boolean;
}

interface SelectProps<T extends string> {
  value: T;
  onChange: (value: T) => void;
  options: Option<T>[];
  placeholder?: string;
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: boolean | undefined;
  className?: string;
}

/** From so many on, options are found by typing. */
const TYPED_FROM = 24;

export function Select<T extends string>(props: SelectProps<T>) {
  return props.options.length < TYPED_FROM ? <Short {...props} /> : <Long {...props} />;
}

function Long<T extends string>({
  value,
  onChange,
  options,
  placeholder = "",
  className,
  ...rest
}: SelectProps<T>) {
  const chosen = options.find((option) => option.value === value);
  return (
    <Combo label={rest["aria-label"] ?? placeholder} value={value} onChange={onChange} options={options}>
      <button
        type="button"
        {...rest}
        role="combobox"
        aria-haspopup="dialog"
        className={cx(inputClass, "flex items-center justify-between gap-2 text-left", className)}
      >
        <span className={cx("truncate", !chosen && "text-muted")}>{chosen?.label ?? placeholder}</span>
        <ChevronDown aria-hidden className="size-4 shrink-0 text-muted" />
      </button>
    </Combo>
  );
}

function Short<T extends string>({
  value,
  onChange,
  options,
  placeholder,
  className,
  ...rest
}: SelectProps<T>) {
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as T)}>
      <Radix.Trigger
        {...rest}
        className={cx(inputClass, "flex items-center justify-between gap-2 text-left", className)}
      >
        <span className="truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <Radix.Icon>
          <ChevronDown aria-hidden className="size-4 text-muted" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="z-60 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) overflow-hidden rounded-lg border border-line-strong bg-raised shadow-float appear"
        >
          <Radix.Viewport className="p-1">
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled ?? false}
                className="flex min-h-8 items-center gap-2 rounded-md px-2 py-1 text-sm outline-none data-disabled:opacity-45 data-highlighted:tint-accent"
              >
                <span className="grid size-4 shrink-0 place-items-center">
                  <Radix.ItemIndicator>
                    <Check aria-hidden className="size-4 text-accent" />
                  </Radix.ItemIndicator>
                </span>
                <span className="min-w-0">
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                  {option.detail && (
                    <span className="block truncate text-xs text-muted">{option.detail}</span>
                  )}
                </span>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

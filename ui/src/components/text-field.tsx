import type { ComponentProps, ReactNode } from "react";
import { Field } from "./field";
import { Input, PasswordInput } from "./input";

interface TextFieldProps extends Pick<
  ComponentProps<"input">,
  "autoFocus" | "inputMode" | "list" | "placeholder"
> {
  label: string;
  value: string;
  onChange: (text: string) => void;
  optional?: boolean;
  /** What is right here, before anything is wrong. */
  hint?: ReactNode;
  /** What is wrong and what would be right. */
  error?: ReactNode;
  /** Addresses, ports, keys. */
  mono?: boolean;
  /** Shown only when it is asked for. */
  secret?: boolean;
  /** The one field that a page begins with. */
  large?: boolean;
  className?: string;
}

/** A line of text with its label, its help and its mistake. */
export function TextField(props: TextFieldProps) {
  const { label, optional, hint, error, className, onChange, secret, large, ...input } = props;
  const Control = secret ? PasswordInput : Input;
  return (
    <Field label={label} optional={optional} hint={hint} error={error} className={className}>
      {(control) => (
        <Control
          {...control}
          {...input}
          onChange={(event) => onChange(event.target.value)}
          className={large ? "h-10 text-base" : undefined}
        />
      )}
    </Field>
  );
}

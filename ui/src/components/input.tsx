import { useState, type ComponentProps } from "react";
import { Eye, EyeOff, Search, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { cx } from "@/lib/cx";
import { IconButton } from "./button";

export const inputClass =
  "h-8 w-full min-w-0 rounded-md border border-line bg-field px-2.5 text-sm text-text placeholder:text-muted/80 " +
  "hover:border-line-strong focus:border-accent focus:outline-2 focus:outline-offset-0 focus:outline-accent/40 " +
  "aria-invalid:border-bad disabled:opacity-60 pointer-coarse:h-11";

interface InputProps extends ComponentProps<"input"> {
  /** Addresses, ports, keys. */
  mono?: boolean;
}

export function Input({ mono, className, ...rest }: InputProps) {
  return (
    <input
      type="text"
      autoComplete="off"
      spellCheck={false}
      {...rest}
      className={cx(inputClass, mono && "font-mono", className)}
    />
  );
}

export function Textarea({ mono, className, ...rest }: ComponentProps<"textarea"> & { mono?: boolean }) {
  return (
    <textarea
      spellCheck={false}
      {...rest}
      className={cx(inputClass, "h-auto py-1.5", mono && "font-mono", className)}
    />
  );
}

export function PasswordInput(props: InputProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <span className="relative block">
      <Input {...props} type={shown ? "text" : "password"} className="pr-9" />
      <span className="absolute inset-y-0 right-0">
        <IconButton
          icon={shown ? EyeOff : Eye}
          label={t(shown ? "common.hidePassword" : "common.showPassword")}
          onClick={() => setShown(!shown)}
        />
      </span>
    </span>
  );
}

interface SearchInputProps {
  value: string;
  onChange: (value: string) => void;
  label: string;
  className?: string;
}

/** Filters what is below it. `/` focuses the first on a page; Escape empties it. */
export function SearchInput({ value, onChange, label, className }: SearchInputProps) {
  const { t } = useTranslation();
  return (
    <span className={cx("relative block", className)}>
      <Search
        aria-hidden
        className="absolute top-2 left-2.5 size-4 text-muted pointer-coarse:top-3.5"
        strokeWidth={1.75}
      />
      <Input
        type="search"
        value={value}
        aria-label={label}
        placeholder={label}
        data-search
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || value === "") return;
          event.stopPropagation();
          onChange("");
        }}
        className="px-8 [&::-webkit-search-cancel-button]:hidden"
      />
      {value !== "" && (
        <span className="absolute inset-y-0 right-0">
          <IconButton icon={X} label={t("common.clearSearch")} onClick={() => onChange("")} />
        </span>
      )}
    </span>
  );
}

import { useMemo, type ReactNode } from "react";
import { ChevronDown, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "../button";
import { Combo } from "../combo";
import { SearchInput } from "../input";
import { count } from "@/lib/format";

interface ToolbarProps {
  search: string;
  onSearch: (text: string) => void;
  searchLabel: string;
  /** Rows that the filter leaves, and all. */
  shown: number;
  total: number;
  onClear?: (() => void) | undefined;
  children?: ReactNode;
  /** Instead of the filters while rows are selected. */
  selected?: { count: number; onClear: () => void; actions: ReactNode } | undefined;
}

/** Above a table: search and filters, or what can be done with the selected rows. */
export function Toolbar({
  search,
  onSearch,
  searchLabel,
  shown,
  total,
  onClear,
  children,
  selected,
}: ToolbarProps) {
  const { t, i18n } = useTranslation();
  if (selected && selected.count > 0) {
    return (
      <div
        role="toolbar"
        aria-label={t("table.selected", { count: selected.count })}
        className="mb-3 flex min-h-8 flex-wrap items-center gap-2"
      >
        <IconButton icon={X} label={t("table.clearSelection")} onClick={selected.onClear} />
        <span className="mr-2 font-medium">{t("table.selected", { count: selected.count })}</span>
        {selected.actions}
      </div>
    );
  }
  return (
    <div className="mb-3 flex min-h-8 flex-wrap items-center gap-2">
      <SearchInput
        value={search}
        onChange={onSearch}
        label={searchLabel}
        className="w-full max-w-72 min-w-44 flex-1"
      />
      {children}
      {onClear && (
        <Button variant="ghost" onClick={onClear}>
          {t("table.clearFilters")}
        </Button>
      )}
      <span role="status" className="ml-auto text-xs text-muted">
        {shown === total
          ? count(total, i18n.language)
          : t("table.shown", { shown: count(shown, i18n.language), total: count(total, i18n.language) })}
      </span>
    </div>
  );
}

interface FilterProps<T extends string> {
  label: string;
  value: T | undefined;
  onChange: (value: T | undefined) => void;
  options: { value: T; label: string }[];
}

/** From so many on, values are found by typing. */
const TYPED_FROM = 40;

const frame =
  "inline-flex h-8 items-center gap-1.5 rounded-md border border-line bg-surface pr-1 pl-2.5 hover:border-line-strong pointer-coarse:h-11";

/** A filter of few values as a native choice: short, quick, known to every keyboard. */
export function Filter<T extends string>(props: FilterProps<T>) {
  return props.options.length < TYPED_FROM ? <FewValues {...props} /> : <ManyValues {...props} />;
}

function ManyValues<T extends string>({ label, value, onChange, options }: FilterProps<T>) {
  const { t } = useTranslation();
  const all = useMemo(() => [{ value: "" as T, label: t("common.all") }, ...options], [t, options]);
  const shown = options.find((one) => one.value === value)?.label ?? t("common.all");
  return (
    <Combo label={label} value={value} options={all} onChange={(next) => onChange(next || undefined)}>
      <button
        type="button"
        role="combobox"
        aria-haspopup="dialog"
        aria-label={`${label} ${shown}`}
        className={frame}
      >
        <span className="text-muted">{label}</span> <span className="max-w-36 truncate">{shown}</span>
        <ChevronDown aria-hidden className="size-4 text-muted" />
      </button>
    </Combo>
  );
}

function FewValues<T extends string>({ label, value, onChange, options }: FilterProps<T>) {
  const { t } = useTranslation();
  return (
    <label className={frame}>
      <span className="text-muted">{label}</span>
      <select
        value={value ?? ""}
        onChange={(event) => onChange(options.find((one) => one.value === event.target.value)?.value)}
        className="h-full max-w-36 rounded-sm bg-surface text-text focus:outline-none"
      >
        <option value="">{t("common.all")}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}

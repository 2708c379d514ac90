import { Link } from "@tanstack/react-router";
import { CircleHelp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { cx } from "@/lib/cx";
import { useAlerts } from "@/features/alerts/use-alerts";
import { nav, type NavEntry } from "./nav";
import { Mark } from "./mark";

const row =
  "flex h-8 items-center gap-2.5 rounded-md px-2.5 text-muted hover:tint-muted hover:text-text pointer-coarse:h-11 " +
  "[&.active]:bg-hover [&.active]:text-text [&.active_svg]:text-accent";

/** The pages. Icons alone under 1,100 px; in a drawer under 760 px, where `words` shows them again. */
export function Sidebar({ words, onGo }: { words?: boolean; onGo?: () => void }) {
  const { t } = useTranslation();
  const word = words ? "" : "sr-only lg:not-sr-only";
  const entry = (one: NavEntry) => (
    <li key={one.to}>
      <Link
        to={one.to}
        onClick={onGo}
        activeOptions={{ exact: one.to === "/", includeSearch: false }}
        title={words ? undefined : t(`nav.${one.key}`)}
        className={row}
      >
        <one.icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
        <span className={word || "truncate"}>{t(`nav.${one.key}`)}</span>
        {one.key === "alerts" && <AlertCount className={words ? "" : "hidden lg:inline"} />}
      </Link>
    </li>
  );
  return (
    <nav aria-label={t("nav.label")} className="flex h-full flex-col gap-1 p-2">
      <Link
        to="/"
        onClick={onGo}
        aria-label="WireWarp"
        className="mb-2 flex h-9 items-center gap-2.5 rounded-md px-2"
      >
        <Mark className="size-5 shrink-0" />
        <span className={cx("text-base font-semibold tracking-tight", word)}>WireWarp</span>
      </Link>
      <ul className="grid gap-0.5">{nav.top.map(entry)}</ul>
      <ul className="mt-auto grid gap-0.5">
        {nav.low.map(entry)}
        <li>
          <Link to="/help" onClick={onGo} title={words ? undefined : t("nav.help")} className={row}>
            <CircleHelp aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
            <span className={word || "truncate"}>{t("nav.help")}</span>
          </Link>
        </li>
      </ul>
    </nav>
  );
}

function AlertCount({ className }: { className: string }) {
  const { t } = useTranslation();
  const { alerts } = useAlerts();
  if (alerts.length === 0) return null;
  return (
    <>
      <span className="sr-only">{t("alerts.count", { count: alerts.length })}</span>
      <span
        aria-hidden
        className={cx(
          "ml-auto min-w-5 rounded-full border border-bad/60 px-1 text-center text-xs text-bad",
          className,
        )}
      >
        {alerts.length}
      </span>
    </>
  );
}

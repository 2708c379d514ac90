import { Link } from "@tanstack/react-router";
import { Menu as MenuIcon, Moon, Search, Sun } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/components/button";
import { Kbd } from "@/components/kbd";
import { Shape } from "@/components/status";
import { usePending } from "@/api/queries";
import { Bell } from "@/features/alerts/bell";
import { JobsMenu } from "@/features/plans/jobs-menu";
import { useDark } from "./appearance";
import { crumbs } from "./crumbs";

interface TopBarProps {
  onMenu: () => void;
  onPalette: () => void;
}

export function TopBar({ onMenu, onPalette }: TopBarProps) {
  const { t } = useTranslation();
  const { dark, toggle } = useDark();
  return (
    <header className="flex h-12 min-w-0 items-center gap-2 border-b bg-surface px-2 sm:px-4">
      <span className="sm:hidden">
        <IconButton icon={MenuIcon} label={t("nav.open")} onClick={onMenu} />
      </span>
      <Crumbs />
      <div className="ml-auto flex shrink-0 items-center gap-1">
        <PendingPill />
        <button
          type="button"
          onClick={onPalette}
          title={t("palette.open")}
          className="mx-1 hidden h-8 items-center gap-2 rounded-md border border-line bg-sunken px-2 text-muted hover:border-line-strong hover:text-text md:flex"
        >
          <Search aria-hidden className="size-4" strokeWidth={1.75} />
          <span className="pr-4">{t("palette.short")}</span>
          <Kbd keys="Mod K" />
        </button>
        <span className="md:hidden">
          <IconButton icon={Search} label={t("palette.open")} shortcut="Mod K" onClick={onPalette} />
        </span>
        <JobsMenu />
        <Bell />
        <IconButton
          icon={dark ? Sun : Moon}
          label={t(dark ? "frame.toLight" : "frame.toDark")}
          onClick={toggle}
        />
      </div>
    </header>
  );
}

function Crumbs() {
  const { t } = useTranslation();
  const trail = crumbs.use();
  return (
    <nav aria-label={t("frame.crumbs")} className="min-w-0">
      <ol className="flex min-w-0 items-center gap-1.5">
        {trail.map((crumb, index) => (
          <li key={crumb.label} className="flex min-w-0 items-center gap-1.5">
            {index > 0 && (
              <span aria-hidden className="text-muted">
                /
              </span>
            )}
            {crumb.to ? (
              <Link to={crumb.to} className="truncate rounded-sm text-muted hover:text-text hover:underline">
                {crumb.label}
              </Link>
            ) : (
              <span aria-current="page" className="truncate font-medium">
                {crumb.label}
              </span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** What is recorded and not applied; leads to the plan over all hosts. */
function PendingPill() {
  const { t } = useTranslation();
  const { data } = usePending();
  const hosts = data?.hosts.length ?? 0;
  if (hosts === 0) return null;
  return (
    <Link
      to="/pending"
      className="flex h-7 items-center gap-1.5 rounded-full border border-info/50 px-2.5 text-info hover:tint-info"
    >
      <Shape tone="info" />
      <span className="hidden md:inline">{t("pending.pill", { count: hosts })}</span>
      <span className="md:hidden" aria-label={t("pending.pill", { count: hosts })}>
        {hosts}
      </span>
    </Link>
  );
}

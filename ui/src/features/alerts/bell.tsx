import { useEffect, useMemo, useState } from "react";
import { useNavigate } from "@tanstack/react-router";
import { Bell as BellIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Menu, MenuItem, MenuLine } from "@/components/menu";
import { Shape } from "@/components/status";
import { Ago } from "@/components/time";
import { useAlerts } from "./use-alerts";

const KEPT = "wirewarp.alerts-seen";

/** More are not counted out. */
const MOST = 99;

const kept = (): string[] => {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "[]") as string[];
  } catch {
    return [];
  }
};

/** What is new since it was last opened. Read or not, an alert stays on its page until it is put right. */
export function Bell() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { alerts } = useAlerts();
  const [seen, setSeen] = useState(kept);
  const unread = useMemo(() => {
    const known = new Set(seen);
    return alerts.filter((alert) => !known.has(alert.id));
  }, [alerts, seen]);
  useEffect(() => localStorage.setItem(KEPT, JSON.stringify(seen)), [seen]);
  const shown = unread.length > MOST ? `${MOST}+` : String(unread.length);
  const name =
    unread.length === 0
      ? t("alerts.bell")
      : unread.length > MOST
        ? t("alerts.unreadMany", { shown })
        : t("alerts.unread", { count: unread.length });
  const trigger = (
    <button
      type="button"
      aria-label={name}
      title={name}
      onClick={() => setSeen(alerts.map((alert) => alert.id))}
      className="relative grid size-8 place-items-center rounded-md text-muted hover:tint-muted hover:text-text pointer-coarse:size-11"
    >
      <BellIcon aria-hidden className="size-4" strokeWidth={1.75} />
      {unread.length > 0 && (
        <span className="absolute -top-0.5 -right-0.5 flex h-4 min-w-4 items-center justify-center rounded-full bg-bad px-1 text-[0.6875rem] leading-none font-semibold text-bg">
          {shown}
        </span>
      )}
    </button>
  );
  return (
    <Menu trigger={trigger}>
      {alerts.length === 0 && <p className="max-w-70 px-2 py-2 text-muted">{t("alerts.none")}</p>}
      {alerts.slice(0, 8).map((alert) => (
        <MenuItem key={alert.id} onSelect={() => void navigate({ to: alert.to })}>
          <span className="flex items-center gap-2">
            <Shape tone={alert.tone} />
            <span className="min-w-0 flex-1 truncate">{alert.title}</span>
            <Ago at={alert.at} className="text-xs text-muted" />
          </span>
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem onSelect={() => void navigate({ to: "/alerts" })}>{t("alerts.all")}</MenuItem>
    </Menu>
  );
}

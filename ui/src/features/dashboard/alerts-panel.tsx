import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Panel } from "@/components/layout";
import { Shape } from "@/components/status";
import { useAlerts } from "@/features/alerts/use-alerts";

const MOST = 5;

/** What needs somebody now. */
export function AlertsPanel() {
  const { t } = useTranslation();
  const { alerts } = useAlerts();
  return (
    <Panel
      flush
      title={t("dashboard.needsYou")}
      aside={
        alerts.length > MOST && (
          <Link to="/alerts" className="text-xs hover:text-text hover:underline">
            {t("alerts.count", { count: alerts.length })}
          </Link>
        )
      }
    >
      {alerts.length === 0 ? (
        <p className="flex items-center gap-2 px-4 py-3 text-muted">
          <Shape tone="ok" />
          {t("alerts.none")}
        </p>
      ) : (
        <ul>
          {alerts.slice(0, MOST).map((alert) => (
            <li key={alert.id} className="border-b border-line/60 last:border-b-0">
              <Link
                to={alert.to}
                className="flex items-start gap-2.5 px-4 py-2 -outline-offset-2 hover:bg-hover"
              >
                <Shape tone={alert.tone} className="mt-1.5" />
                <span className="min-w-0">
                  <span className="block truncate font-medium" title={alert.title}>
                    {alert.title}
                  </span>
                  <span className="line-clamp-2 text-xs text-muted">{alert.detail}</span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

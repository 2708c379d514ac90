import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useActivity } from "@/api/queries";
import { Panel } from "@/components/layout";
import { ErrorNotice, SkeletonRows } from "@/components/states";
import { Shape } from "@/components/status";
import { Ago } from "@/components/time";
import { rowTone } from "./words";

interface HostActivityProps {
  /** Only entries that name it. */
  name?: string;
  most?: number;
  /** Inside a panel of its own. */
  bare?: boolean;
}

/** The newest entries, as a short list. */
export function HostActivity({ name = "", most = 50, bare }: HostActivityProps) {
  const { t } = useTranslation();
  const activity = useActivity({ text: name, kind: null, failed: false, from: null, until: null });
  const rows = activity.data?.pages.flatMap((page) => page.rows).slice(0, most) ?? [];
  const body = (
    <>
      {activity.error && <ErrorNotice error={activity.error} onRetry={() => void activity.refetch()} />}
      {activity.isPending && <SkeletonRows rows={5} />}
      {activity.data && rows.length === 0 && <p className="px-4 py-3 text-muted">{t("activity.nothing")}</p>}
      <ul>
        {rows.map((row, index) => (
          <li
            key={`${row.at}-${index}`}
            className="flex items-start gap-2.5 border-b border-line/60 px-4 py-2 last:border-b-0"
          >
            <Shape tone={rowTone(row)} className="mt-1.5" />
            <div className="min-w-0 flex-1">
              {row.operation ? (
                <Link
                  to="/activity/$operation"
                  params={{ operation: row.operation }}
                  className="block truncate hover:underline"
                >
                  {row.object}: {row.what}
                </Link>
              ) : (
                <span className="block truncate">
                  {row.object} {row.what}
                </span>
              )}
              <span className="block truncate text-xs text-muted">
                {row.state ? t(`activity.state.${row.state}`) : row.who}
                {row.error && `: ${row.error}`}
              </span>
            </div>
            <Ago at={row.at} className="shrink-0 text-xs text-muted" />
          </li>
        ))}
      </ul>
    </>
  );
  return bare ? body : <Panel flush>{body}</Panel>;
}

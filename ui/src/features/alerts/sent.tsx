import { Mail } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useDeliveries } from "@/api/queries";
import type { Delivery } from "@/api/generated/types";
import { Panel } from "@/components/layout";
import { Empty, ErrorNotice, SkeletonRows } from "@/components/states";
import { Status, type Tone } from "@/components/status";
import { Ago } from "@/components/time";

const tones: Record<Delivery["state"], Tone> = { waiting: "warn", delivered: "ok", failed: "bad" };

/** What was sent, and what did not arrive. */
export function Sent() {
  const { t } = useTranslation();
  const sent = useDeliveries();
  if (sent.error) return <ErrorNotice error={sent.error} onRetry={() => void sent.refetch()} />;
  if (!sent.data) return <SkeletonRows />;
  if (sent.data.length === 0)
    return (
      <Panel>
        <Empty icon={Mail} title={t("sent.emptyTitle")} text={t("sent.emptyText")} />
      </Panel>
    );
  return (
    <Panel flush>
      <ul className="divide-y divide-line/70">
        {sent.data.map((one) => (
          <li key={one.id} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-4 py-2">
            <span className="w-32 shrink-0">
              <Status tone={tones[one.state]}>{t(`sent.state.${one.state}`)}</Status>
            </span>
            <span className="min-w-50 flex-1">
              <span className="font-medium">{one.channel_name}</span>
              {one.said && <span className="block break-words text-muted">{one.said}</span>}
              {one.state === "waiting" && one.tries > 0 && (
                <span className="block text-xs text-muted">
                  {t("sent.again", { count: one.tries })} <Ago at={one.next_at * 1000} />
                </span>
              )}
            </span>
            <Ago at={one.at * 1000} className="text-xs text-muted" />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

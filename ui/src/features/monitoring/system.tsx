import { lazy, Suspense, useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFigures, usePast } from "@/api/queries";
import type { Column, HostNow, PastView } from "@/api/generated/types";
import { Panel } from "@/components/layout";
import { ErrorNotice, Skeleton } from "@/components/states";
import { Status } from "@/components/status";
import { bytes, rate } from "@/lib/format";
import type { Line } from "./plot";
import { stretchOf, type Window } from "./range";
import { timesOf, valuesAt } from "./series";

const Plot = lazy(() => import("./plot"));

const MIB = 1_048_576;

type SystemColumn = Extract<Column, "cpu" | "memory" | "disk" | "load" | "received" | "sent">;

interface PanelsProps {
  window: Window;
  vps: string | undefined;
  onWindow: (next: Window | null) => void;
  onVps: (name: string) => void;
}

/** How a VPS did; of several, how each does now, to choose one. */
export function SystemPanels({ window, vps, onWindow, onVps }: PanelsProps) {
  const { t } = useTranslation();
  const figures = useFigures();
  if (figures.error)
    return (
      <ErrorNotice
        error={figures.error}
        title={t("monitoring.nowFailed")}
        onRetry={() => void figures.refetch()}
      />
    );
  if (!figures.data) return <Skeleton className="h-48 rounded-lg" />;
  const hosts = figures.data.filter((host) => host.peers.length > 0 || host.forwards.length > 0);
  const only = hosts.length === 1 ? hosts[0] : figures.data.find((host) => host.name === vps);
  if (only) return <HostSystem host={only} window={window} onWindow={onWindow} />;
  return <NowTable hosts={hosts} onVps={onVps} />;
}

export const percent = (thousandths: number) => `${Math.round(thousandths / 10)} %`;
export const load = (hundredths: number, locale: string) =>
  (hundredths / 100).toLocaleString(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const tone = { online: "ok", unknown: "unknown", offline: "bad" } as const;

function NowTable({ hosts, onVps }: { hosts: HostNow[]; onVps: (name: string) => void }) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  const end = "px-3 py-1.5 text-right font-normal whitespace-nowrap";
  const share = (used: number, total: number) => (total > 0 ? percent((used / total) * 1000) : "–");
  return (
    <Panel flush title={t("monitoring.vpsesNow")}>
      <div
        className="max-h-100 overflow-auto"
        tabIndex={0}
        role="region"
        aria-label={t("monitoring.vpsesNow")}
      >
        <table className="w-full text-sm">
          <thead className="border-b text-xs text-muted">
            <tr>
              <th scope="col" className="px-4 py-1.5 text-left font-normal">
                VPS
              </th>
              <th scope="col" className="px-3 py-1.5 text-left font-normal">
                {t("vpses.status")}
              </th>
              {(["cpu", "memory", "disk", "load", "connections"] as const).map((key) => (
                <th key={key} scope="col" className={end}>
                  {t(`monitoring.${key}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {hosts.map(({ id, name, state, reason, system, forwards }) => (
              <tr key={id} className="border-b border-line/50 last:border-b-0">
                <th scope="row" className="px-4 py-1.5 text-left font-medium">
                  <button type="button" className="hover:underline" onClick={() => onVps(name)}>
                    {name}
                  </button>
                </th>
                <td className="max-w-90 truncate px-3 py-1.5" title={reason || undefined}>
                  <Status tone={tone[state]} detail={reason}>
                    {t(`monitoring.state.${state}`)}
                  </Status>
                </td>
                <td className={end}>{system?.cpu == null ? "–" : percent(system.cpu)}</td>
                <td className={end}>{system ? share(system.memory_used, system.memory_total) : "–"}</td>
                <td className={end}>{system ? share(system.disk_used, system.disk_total) : "–"}</td>
                <td className={end}>{system ? load(system.load, locale) : "–"}</td>
                <td className={end}>{forwards.reduce((sum, one) => sum + one.connections, 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

interface SystemProps {
  host: HostNow;
  window: Window;
  onWindow?: (next: Window | null) => void;
}

/** Processors, memory, disk, load and network of one machine over time. */
export function HostSystem({ host, window, onWindow }: SystemProps) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  const past = usePast([{ kind: "host", id: host.id }], stretchOf(window));
  const view = past.data?.[0];
  if (past.error)
    return (
      <ErrorNotice error={past.error} title={t("monitoring.failed")} onRetry={() => void past.refetch()} />
    );
  if (!view) return <Skeleton className="h-48 rounded-lg" />;
  const { system } = host;
  const network = system?.network;
  const common = { view, window, onWindow };
  const used = (amount: number) => bytes(amount * MIB, locale);
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <Small
        {...common}
        title={t("monitoring.cpu")}
        now={system?.cpu == null ? null : percent(system.cpu)}
        columns={["cpu"]}
        format={percent}
        least={1000}
      />
      <Small
        {...common}
        title={t("monitoring.memory")}
        now={system && t("monitoring.of", { used: used(system.memory_used), all: used(system.memory_total) })}
        columns={["memory"]}
        format={used}
        least={system?.memory_total ?? 0}
      />
      <Small
        {...common}
        title={t("monitoring.disk")}
        now={system && t("monitoring.of", { used: used(system.disk_used), all: used(system.disk_total) })}
        columns={["disk"]}
        format={used}
        least={system?.disk_total ?? 0}
      />
      <Small
        {...common}
        title={t("monitoring.load")}
        now={system && load(system.load, locale)}
        columns={["load"]}
        format={(value) => load(value, locale)}
        least={100}
      />
      <Small
        {...common}
        title={t("monitoring.network")}
        now={network && `↓ ${rate(network.from_home, locale)} ↑ ${rate(network.to_home, locale)}`}
        columns={["received", "sent"]}
        format={(value) => rate(value, locale)}
        least={125}
      />
    </div>
  );
}

interface SmallProps {
  view: PastView;
  window: Window;
  onWindow: ((next: Window | null) => void) | undefined;
  title: string;
  now: ReactNode;
  columns: SystemColumn[];
  format: (value: number) => string;
  least: number;
}

function Small({ view, window, onWindow, title, now, columns, format, least }: SmallProps) {
  const { t } = useTranslation();
  const key = columns.join();
  const { times, lines } = useMemo(() => {
    const all = timesOf([view]);
    const made = (key.split(",") as SystemColumn[]).map((column, at): Line => ({
      label: t(`monitoring.column.${column}`),
      colour: `--chart-${at + 1}`,
      values: valuesAt(view, column, all),
    }));
    return { times: all, lines: made };
  }, [view, key, t]);
  const peak = lines
    .flatMap((line) => line.values)
    .reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  return (
    <Panel title={title} aside={now && <span className="text-xs">{now}</span>}>
      {times.length === 0 ? (
        <p className="text-muted">{t("monitoring.nothingTitle")}</p>
      ) : (
        <Suspense fallback={<Skeleton className="h-35" />}>
          <Plot
            times={times}
            lines={lines}
            height={140}
            label={t("monitoring.smallChart", { what: title, peak: format(peak) })}
            format={format}
            least={least}
            window={window}
            onWindow={onWindow}
          />
        </Suspense>
      )}
    </Panel>
  );
}

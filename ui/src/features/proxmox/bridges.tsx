import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useBridges } from "@/api/queries";
import type { BridgeSight } from "@/api/generated/types";
import { Disclosure } from "@/components/disclosure";
import { ErrorNotice, Notice, SkeletonRows } from "@/components/states";
import { Status } from "@/components/status";
import { Ago } from "@/components/time";

/** The bridges of all nodes: what they lead to, which are WireWarp's, and what somebody has pending there. */
export function Bridges({ proxmox }: { proxmox: string }) {
  const { t } = useTranslation();
  const bridges = useBridges(proxmox);
  if (bridges.error)
    return (
      <ErrorNotice
        error={bridges.error}
        title={t("proxmox.bridgesFailed")}
        onRetry={() => void bridges.refetch()}
      />
    );
  if (!bridges.data) return <SkeletonRows rows={4} />;
  const { bridges: rows, silent } = bridges.data;
  const waiting = rows.filter((row) => row.pending !== null);
  const pending = waiting.filter((row, at) => waiting.findIndex((one) => one.node === row.node) === at);
  return (
    <div className="grid min-h-0 content-start gap-3 overflow-y-auto">
      <p className="text-xs text-muted">
        {t("proxmox.seen")} <Ago at={Date.parse(bridges.data.at)} />
      </p>
      {silent.map((one) => (
        <Notice key={one.name} tone="warn" title={t("proxmox.nodeSilent", { node: one.name })}>
          {one.why}
        </Notice>
      ))}
      {pending.map((row) => (
        <Notice key={row.node} tone="warn" title={t("proxmox.pendingTitle", { node: row.node })}>
          <Disclosure startOpen={false} label={t("proxmox.pendingShow")}>
            <pre className="overflow-x-auto font-mono text-xs">{row.pending}</pre>
          </Disclosure>
        </Notice>
      ))}
      <Table rows={rows} />
    </div>
  );
}

function Table({ rows }: { rows: BridgeSight[] }) {
  const { t } = useTranslation();
  const head = "px-3 py-1.5 text-left font-normal";
  if (rows.length === 0) return <p className="text-muted">{t("proxmox.noBridges")}</p>;
  return (
    <div
      className="overflow-x-auto rounded-lg border bg-surface"
      tabIndex={0}
      role="region"
      aria-label={t("proxmox.bridges")}
    >
      <table className="w-full text-sm">
        <caption className="sr-only">{t("proxmox.bridges")}</caption>
        <thead className="border-b text-xs text-muted">
          <tr>
            {(["bridge", "node", "status", "address", "ports", "peer"] as const).map((key) => (
              <th key={key} scope="col" className={head}>
                {t(`proxmox.bridgeColumns.${key}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.node} ${row.name}`} className="border-b border-line/50 last:border-b-0">
              <th scope="row" className="px-3 py-1.5 text-left font-mono text-xs font-medium">
                {row.name}
              </th>
              <td className="px-3 py-1.5">{row.node}</td>
              <td className="px-3 py-1.5">
                <Status tone={row.active ? "ok" : "off"}>
                  {t(row.active ? "proxmox.up" : "proxmox.bridgeOff")}
                </Status>
              </td>
              <td className="px-3 py-1.5 font-mono text-xs">{row.address ?? NONE}</td>
              <td className="px-3 py-1.5 font-mono text-xs">{row.ports || t("proxmox.guestsAlone")}</td>
              <td className="px-3 py-1.5">
                {row.peer === null ? (
                  NONE
                ) : (
                  <Link to="/peers/$name" params={{ name: row.peer }} className="hover:underline">
                    {row.peer}
                  </Link>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const NONE = "–";

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Probe } from "@/api/generated/types";
import { Copyable } from "@/components/copy";
import { Skeleton } from "@/components/states";
import { Shape, type Tone } from "@/components/status";
import { FindingLine } from "@/features/plans/plan-view";
import { duration } from "@/lib/format";

/** What a look at a machine found, as a checklist; while it is under way, the places where it will be. */
export function ProbeList({ probe, busy }: { probe: Probe | undefined; busy: boolean }) {
  const { t, i18n } = useTranslation();
  if (!probe && !busy) return null;
  const items: [string, ReactNode, Tone][] = [
    [t("probe.answers"), probe && `${probe.endpoint} (${duration(probe.ms, i18n.language)})`, "ok"],
    [
      t("probe.key"),
      probe && <Copyable text={probe.fingerprint} what={t("question.fingerprint")} className="text-xs" />,
      "ok",
    ],
    [t("probe.login"), probe && t(`probe.privilege.${probe.privilege}`, { user: probe.user }), "ok"],
    [t("probe.system"), probe && probe.system, "ok"],
    [
      t("probe.wireguard"),
      probe && t(probe.kernel_wireguard ? "host.wireguardKernel" : "host.wireguardUser"),
      probe?.kernel_wireguard === false ? "warn" : "ok",
    ],
    [
      t("probe.addresses"),
      probe &&
        (probe.public_ips.length > 0 ? (
          <code className="text-xs">{probe.public_ips.join(" · ")}</code>
        ) : (
          t("probe.noAddresses")
        )),
      probe?.public_ips.length === 0 ? "info" : "ok",
    ],
  ];
  return (
    <div role="status" aria-label={t("probe.title")}>
      <ul className="grid gap-2">
        {items.map(([name, value, tone]) => (
          <li key={name} className="grid grid-cols-[1rem_8rem_minmax(0,1fr)] items-center gap-2">
            <Shape tone={probe ? tone : "unknown"} className={probe ? "" : "animate-pulse"} />
            <span className="text-muted">{name}</span>
            {value ?? <Skeleton className="h-3 w-40" />}
          </li>
        ))}
      </ul>
      {probe && probe.findings.length > 0 && (
        <ul className="mt-3 grid gap-2 border-t pt-3">
          {probe.findings.map((finding) => (
            <FindingLine key={finding.code + finding.message} finding={finding} />
          ))}
        </ul>
      )}
    </div>
  );
}

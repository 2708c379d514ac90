import { useState } from "react";
import { Link, useParams } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useDrift } from "@/api/queries";
import type { DriftFile, DriftReport, FileState } from "@/api/generated/types";
import { Button, buttonClass } from "@/components/button";
import { Segments } from "@/components/choice";
import { Diff } from "@/components/diff";
import { Panel } from "@/components/layout";
import { Empty, ErrorNotice, SkeletonRows } from "@/components/states";
import { Badge, type Tone } from "@/components/status";
import { Page } from "@/frame/page";
import { openPlan } from "./plan-dialog";
import { ThreeWay } from "./three-way";

/** Where a host differs: what is wanted, what was applied, what is there. */
export function DriftPage() {
  const { t } = useTranslation();
  const { name } = useParams({ from: "/hosts/$name/drift" });
  const drift = useDrift(name);
  const again = () => void drift.refetch();
  const differs = drift.data && drift.data.live.length + drift.data.files.length > 0;
  const actions = differs && (
    <>
      <Button
        onClick={() =>
          openPlan({
            title: t("host.adopt"),
            source: { change: { change: "host_adopt", host: name } },
          })
        }
      >
        {t("host.adopt")}
      </Button>
      <Button
        variant="primary"
        onClick={() =>
          openPlan({
            title: t("host.repair", { name }),
            source: { change: { change: "host_repair", host: name } },
          })
        }
      >
        {t("host.repair", { name })}
      </Button>
    </>
  );
  return (
    <Page
      title={t("drift.title", { name })}
      lead={
        drift.data &&
        t("drift.lead", { generation: drift.data.generation, applied: drift.data.applied ?? "–" })
      }
      trail={[
        { label: t("nav.vpses"), to: "/vpses" },
        { label: name, to: `/vpses/${name}` },
        { label: t("drift.short") },
      ]}
      actions={actions}
    >
      {drift.error && <ErrorNotice error={drift.error} title={t("drift.failed", { name })} onRetry={again} />}
      {drift.isPending && <SkeletonRows rows={6} />}
      {drift.data && !differs && (
        <Panel>
          <Empty icon={CircleCheck} title={t("drift.noneTitle")} text={t("drift.noneText", { name })}>
            <Link to="/vpses/$name" params={{ name }} className={buttonClass()}>
              {name}
            </Link>
          </Empty>
        </Panel>
      )}
      {drift.data && differs && <Report report={drift.data} />}
    </Page>
  );
}

function Report({ report }: { report: DriftReport }) {
  const { t } = useTranslation();
  const [view, setView] = useState<"sides" | "diff">("sides");
  return (
    <div className="grid gap-4">
      {report.live.length > 0 && (
        <Panel title={t("drift.live")}>
          <ul className="grid gap-1">
            {report.live.map((line) => (
              <li key={line} className="flex gap-2">
                <span aria-hidden className="text-warn">
                  ≠
                </span>
                {line}
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {report.files.length > 0 && (
        <div className="flex items-center justify-between gap-2">
          <h2 className="font-semibold">{t("drift.files")}</h2>
          <Segments
            label={t("drift.view")}
            value={view}
            onChange={setView}
            segments={[
              { value: "sides", label: t("drift.sides") },
              { value: "diff", label: t("drift.diff") },
            ]}
          />
        </div>
      )}
      {report.files.map((file) => (
        <File key={file.path} file={file} view={view} />
      ))}
    </div>
  );
}

const tones: Record<FileState, Tone> = {
  changed_here: "info",
  changed_there: "warn",
  changed_both: "bad",
  missing: "bad",
  unknown: "unknown",
};

function File({ file, view }: { file: DriftFile; view: "sides" | "diff" }) {
  const { t } = useTranslation();
  return (
    <Panel
      flush
      title={<code className="text-xs">{file.path}</code>}
      aside={<Badge tone={tones[file.state]}>{t(`drift.state.${file.state}`)}</Badge>}
    >
      {view === "diff" ? (
        <Diff text={file.diff} label={t("plan.diffOf", { path: file.path })} />
      ) : (
        <ThreeWay file={file} />
      )}
    </Panel>
  );
}

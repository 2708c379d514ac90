import { useState } from "react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { LifeBuoy, ScrollText, SlidersHorizontal } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLogLines } from "@/api/queries";
import type { LogRow } from "@/api/generated/types";
import { Button } from "@/components/button";
import { scrollFrame } from "@/components/layout";
import { Empty, ErrorNotice, SkeletonRows } from "@/components/states";
import { Status, type Tone } from "@/components/status";
import { Filter, Toolbar } from "@/components/table/toolbar";
import { Page } from "@/frame/page";
import { exact } from "@/lib/format";
import { useDebounced } from "@/lib/use-debounced";
import { BundleDialog } from "./bundle-dialog";
import { LevelsDialog } from "./levels-dialog";
import { LEVELS, MODULES } from "./modules";

const TONE: Record<LogRow["level"], Tone> = {
  error: "bad",
  warn: "warn",
  info: "ok",
  debug: "unknown",
  trace: "unknown",
};

/** What the program itself did: searched, and given to others who help. */
export function LogPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/log" });
  const navigate = useNavigate({ from: "/log" });
  const [dialog, setDialog] = useState<"levels" | "bundle" | null>(null);
  const set = (next: Partial<typeof search>) =>
    void navigate({ search: { ...search, ...next }, replace: true });
  const text = useDebounced(search.q ?? "", 150);
  const lines = useLogLines({
    text,
    level: search.level ?? null,
    module: search.module ?? null,
    since: null,
  });
  const filtered = !!(search.q ?? search.level ?? search.module);
  const close = () => setDialog(null);
  return (
    <Page
      fill
      title={t("programLog.title")}
      lead={t("programLog.lead")}
      trail={[{ label: t("programLog.title") }]}
      actions={
        <>
          <Button icon={SlidersHorizontal} onClick={() => setDialog("levels")}>
            {t("programLog.levels")}
          </Button>
          <Button icon={LifeBuoy} onClick={() => setDialog("bundle")}>
            {t("programLog.bundle")}
          </Button>
        </>
      }
    >
      <Toolbar
        search={search.q ?? ""}
        onSearch={(q) => set({ q: q || undefined })}
        searchLabel={t("programLog.search")}
        shown={lines.data?.length ?? 0}
        total={lines.data?.length ?? 0}
        onClear={filtered ? () => set({ q: undefined, level: undefined, module: undefined }) : undefined}
      >
        <Filter
          label={t("programLog.level")}
          value={search.level}
          onChange={(level) => set({ level })}
          options={LEVELS.map((value) => ({ value, label: t(`programLog.atLeast.${value}`) }))}
        />
        <Filter
          label={t("programLog.module")}
          value={search.module}
          onChange={(module) => set({ module })}
          options={MODULES.map((value) => ({ value, label: value }))}
        />
      </Toolbar>
      {lines.error && (
        <ErrorNotice
          error={lines.error}
          title={t("programLog.failed")}
          onRetry={() => void lines.refetch()}
        />
      )}
      {lines.isPending && <SkeletonRows rows={8} />}
      {lines.data?.length === 0 && (
        <Empty
          icon={ScrollText}
          title={t(filtered ? "programLog.noneTitle" : "programLog.emptyTitle")}
          text={t(filtered ? "programLog.noneText" : "programLog.emptyText")}
        />
      )}
      {lines.data && lines.data.length > 0 && (
        <div className={scrollFrame}>
          <ul
            aria-label={t("programLog.title")}
            tabIndex={0}
            className="min-h-0 flex-1 overflow-y-auto -outline-offset-2"
          >
            {lines.data.map((line, at) => (
              <Line key={`${line.at}-${at}`} line={line} />
            ))}
          </ul>
        </div>
      )}
      {dialog === "levels" && <LevelsDialog onClose={close} />}
      {dialog === "bundle" && <BundleDialog onClose={close} />}
    </Page>
  );
}

function Line({ line }: { line: LogRow }) {
  const { t, i18n } = useTranslation();
  return (
    <li className="grid items-baseline gap-x-3 border-b border-line/50 px-4 py-1.5 [contain-intrinsic-size:auto_3rem] [content-visibility:auto] last:border-b-0 md:grid-cols-[11.5rem_6rem_1fr]">
      <time dateTime={new Date(line.at).toISOString()} className="text-xs text-muted">
        {exact(line.at, i18n.language)}
      </time>
      <Status tone={TONE[line.level]}>{t(`programLog.words.${line.level}`)}</Status>
      <span className="min-w-0">
        <span className="break-words">{line.message}</span>{" "}
        <span className="font-mono text-xs break-all text-muted">{line.details}</span>
        <span className="block text-xs text-muted">
          {line.module} · {line.program} {line.pid}
        </span>
      </span>
    </li>
  );
}

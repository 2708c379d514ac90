import { useMemo, useRef } from "react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Download, History } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useActivity } from "@/api/queries";
import type { ActivityRow } from "@/api/generated/types";
import { Button } from "@/components/button";
import { Panel, scrollFrame } from "@/components/layout";
import { Empty, ErrorNotice, SkeletonRows } from "@/components/states";
import { Filter, Toolbar } from "@/components/table/toolbar";
import { useExport } from "@/features/export/use-export";
import { useDebounced } from "@/lib/use-debounced";
import { Page } from "@/frame/page";
import { ActivityLine } from "./line";

const HEIGHT = 52;
const SINCE = { day: 86_400_000, week: 7 * 86_400_000, month: 30 * 86_400_000 };

export function ActivityPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/activity" });
  const navigate = useNavigate({ from: "/activity" });
  const exported = useExport();
  const set = (next: Partial<typeof search>) =>
    void navigate({ search: { ...search, ...next }, replace: true });
  const text = useDebounced(search.q ?? "", 150);
  const from = useMemo(() => (search.since ? Date.now() - SINCE[search.since] : null), [search.since]);
  const filter = {
    text,
    kind: search.kind ?? null,
    failed: search.failed === true,
    from,
    until: null,
  };
  const activity = useActivity(filter);
  const rows = useMemo(() => activity.data?.pages.flatMap((page) => page.rows) ?? [], [activity.data]);
  const total = activity.data?.pages[0]?.total ?? 0;
  const filtered = !!(search.q ?? search.kind ?? search.since ?? search.failed);
  return (
    <Page
      fill
      title={t("nav.activity")}
      lead={t("activity.lead")}
      trail={[{ label: t("nav.activity") }]}
      actions={
        <Button
          icon={Download}
          busy={exported.busy}
          onClick={() => exported.save({ table: "activity", filter })}
        >
          {t(filtered ? "common.exportShown" : "common.exportCsv")}
        </Button>
      }
    >
      <Toolbar
        search={search.q ?? ""}
        onSearch={(q) => set({ q: q || undefined })}
        searchLabel={t("activity.search")}
        shown={total}
        total={total}
        onClear={
          filtered
            ? () => set({ q: undefined, kind: undefined, since: undefined, failed: undefined })
            : undefined
        }
      >
        <Filter
          label={t("activity.kind")}
          value={search.kind}
          onChange={(kind) => set({ kind })}
          options={(["change", "operation"] as const).map((value) => ({
            value,
            label: t(`activity.kinds.${value}`),
          }))}
        />
        <Filter
          label={t("activity.outcome")}
          value={search.failed ? "failed" : undefined}
          onChange={(failed) => set({ failed: failed ? true : undefined })}
          options={[{ value: "failed", label: t("activity.failed") }]}
        />
        <Filter
          label={t("activity.since")}
          value={search.since}
          onChange={(since) => set({ since })}
          options={(["day", "week", "month"] as const).map((value) => ({
            value,
            label: t(`activity.sinceOf.${value}`),
          }))}
        />
      </Toolbar>
      {activity.error && (
        <ErrorNotice
          error={activity.error}
          title={t("activity.failedRead")}
          onRetry={() => void activity.refetch()}
        />
      )}
      {activity.isPending && <SkeletonRows rows={8} />}
      {activity.data && rows.length === 0 && (
        <Panel>
          {filtered ? (
            <p className="py-6 text-center text-muted">{t("table.nothing")}</p>
          ) : (
            <Empty icon={History} title={t("activity.emptyTitle")} text={t("activity.emptyText")} />
          )}
        </Panel>
      )}
      {rows.length > 0 && (
        <List
          rows={rows}
          more={activity.hasNextPage && !activity.isFetchingNextPage}
          onMore={() => void activity.fetchNextPage()}
        />
      )}
    </Page>
  );
}

function List({ rows, more, onMore }: { rows: ActivityRow[]; more: boolean; onMore: () => void }) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => HEIGHT,
    overscan: 10,
    onChange: (instance) => {
      const last = instance.getVirtualItems().at(-1);
      if (more && last && last.index >= rows.length - 20) onMore();
    },
  });
  return (
    <div className={scrollFrame}>
      <div
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label={t("nav.activity")}
        className="min-h-0 flex-1 overflow-auto -outline-offset-2"
      >
        <ol className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return (
              row && (
                <li
                  key={item.key}
                  aria-setsize={rows.length}
                  aria-posinset={item.index + 1}
                  className="absolute inset-x-0 top-0 border-b border-line/60"
                  style={{ height: HEIGHT, transform: `translateY(${item.start}px)` }}
                >
                  <ActivityLine row={row} />
                </li>
              )
            );
          })}
        </ol>
      </div>
    </div>
  );
}

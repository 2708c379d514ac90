import { useMemo } from "react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Plus, Server } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLive, useVpses } from "@/api/queries";
import { buttonClass } from "@/components/button";
import { Panel } from "@/components/layout";
import { Empty, ErrorNotice, SkeletonRows } from "@/components/states";
import { readSort, writeSort } from "@/components/table/sort";
import { Filter, Toolbar } from "@/components/table/toolbar";
import { Page } from "@/frame/page";
import { HostTable, LiveFailed } from "@/features/hosts/host-table";
import { LookButton } from "@/features/hosts/look-button";
import { useNowOf } from "@/features/traffic/rates";
import { vpsColumns, vpsRows } from "./columns";

const USUAL = "name";

export function VpsesPage() {
  const { t } = useTranslation();
  const vpses = useVpses();
  const trail = [{ label: t("nav.vpses") }];
  const add = (
    <Link to="/vpses/add" className={buttonClass("primary")}>
      <Plus aria-hidden className="size-4" />
      {t("vpses.add")}
    </Link>
  );
  if (vpses.data?.length === 0) {
    return (
      <Page title={t("nav.vpses")} trail={trail}>
        <Panel>
          <Empty icon={Server} title={t("vpses.emptyTitle")} text={t("vpses.emptyText")}>
            {add}
            <Link to="/help" className={buttonClass("ghost")}>
              {t("vpses.whatToRent")}
            </Link>
          </Empty>
        </Panel>
      </Page>
    );
  }
  const actions = (
    <>
      <LookButton />
      {add}
    </>
  );
  return (
    <Page fill title={t("nav.vpses")} trail={trail} actions={actions}>
      {vpses.error && (
        <ErrorNotice error={vpses.error} title={t("vpses.failed")} onRetry={() => void vpses.refetch()} />
      )}
      {vpses.isPending && <SkeletonRows rows={8} />}
      {vpses.data && <Table lines={vpses.data} />}
    </Page>
  );
}

function Table({ lines }: { lines: NonNullable<ReturnType<typeof useVpses>["data"]> }) {
  const { t, i18n } = useTranslation();
  const search = useSearch({ from: "/vpses" });
  const navigate = useNavigate({ from: "/vpses" });
  const { data: live } = useLive();
  const set = (next: Partial<typeof search>) =>
    void navigate({ search: { ...search, ...next }, replace: true });
  const all = useMemo(() => vpsRows(t, lines, live), [t, lines, live]);
  const rows = useMemo(() => {
    const text = (search.q ?? "").toLowerCase();
    return all.filter(
      (line) => (!search.health || line.group === search.health) && (text === "" || line.hay.includes(text)),
    );
  }, [all, search.q, search.health]);
  const now = useNowOf();
  const columns = useMemo(() => vpsColumns(t, i18n.language, now), [t, i18n.language, now]);
  return (
    <>
      <LiveFailed />
      <Toolbar
        search={search.q ?? ""}
        onSearch={(q) => set({ q: q || undefined })}
        searchLabel={t("vpses.search")}
        shown={rows.length}
        total={all.length}
        onClear={search.q || search.health ? () => set({ q: undefined, health: undefined }) : undefined}
      >
        <Filter
          label={t("vpses.status")}
          value={search.health}
          onChange={(health) => set({ health })}
          options={(["ok", "attention", "unreachable", "unknown"] as const).map((value) => ({
            value,
            label: t(`vpses.group.${value}`),
          }))}
        />
      </Toolbar>
      <HostTable
        to="/vpses/$name"
        label={t("nav.vpses")}
        rows={rows}
        columns={columns}

        sorting={readSort(search.sort, USUAL)}
        onSort={(next) => set({ sort: writeSort(next, USUAL) })}
        nothing={t("table.nothing")}
      />
    </>
  );
}

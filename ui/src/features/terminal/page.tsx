import { useEffect, useMemo, useRef } from "react";
import { useSearch } from "@tanstack/react-router";
import { Columns2, Plus, Rows2, SquareTerminal, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { usePeers, useSetSettings, useSettings, useVpses } from "@/api/queries";
import type { TerminalSettings } from "@/api/generated/types";
import { Button, IconButton } from "@/components/button";
import { Menu, MenuItem, MenuLabel } from "@/components/menu";
import { Empty, Skeleton } from "@/components/states";
import { useCrumbs } from "@/frame/crumbs";
import { cx } from "@/lib/cx";
import { Asking } from "./asking";
import { Pane } from "./pane";
import { placesOf } from "./splits";
import {
  activate,
  closeTab,
  isFull,
  openTab,
  restyleAll,
  sessionsOf,
  split,
  terminals,
  type Tab,
} from "./store";
import { useTerminalKeys } from "./use-keys";
import "@xterm/xterm/css/xterm.css";

/** Shells on hosts, in tabs and splits. They go on when the page is left. */
export function TerminalPage() {
  const { t } = useTranslation();
  const { data } = useSettings();
  useCrumbs([{ label: t("nav.terminal") }]);
  if (!data) return <Skeleton className="m-4 h-80" />;
  return <Terminals settings={data.terminal} />;
}

function Terminals({ settings }: { settings: TerminalSettings }) {
  const { t } = useTranslation();
  const search = useSearch({ from: "/terminal" });
  const { tabs, active } = terminals.use();
  const hosts = useHosts();
  const latest = useRef(settings);
  useEffect(() => {
    latest.current = settings;
    restyleAll(settings);
  }, [settings]);
  const current = useMemo(() => () => latest.current, []);
  const asked = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (!search.host || asked.current === search.host) return;
    asked.current = search.host;
    const open = terminals.get().tabs.find((tab) => sessionsOf(tab).some((one) => one.host === search.host));
    if (open) activate(open.id);
    else openTab(search.host, current);
  }, [search.host, current]);
  useTerminalKeys(current, useFontSize());
  const tab = tabs.find((one) => one.id === active);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <h1 className="sr-only">{t("nav.terminal")}</h1>
      <div className="flex h-10 shrink-0 items-center gap-1 border-b bg-surface px-2">
        <ul aria-label={t("terminal.tabs")} className="flex min-w-0 items-center gap-1 overflow-x-auto">
          {tabs.map((one) => (
            <TabButton key={one.id} tab={one} active={one.id === active} />
          ))}
        </ul>
        <HostMenu hosts={hosts} onOpen={(host) => openTab(host, current)} />
        <div className="ml-auto flex">
          {tab && (
            <>
              <IconButton
                icon={Columns2}
                label={t("terminal.splitRight")}
                shortcut="Mod Shift D"
                disabled={isFull(tab)}
                onClick={() => split(tab, "row", current)}
              />
              <IconButton
                icon={Rows2}
                label={t("terminal.splitDown")}
                shortcut="Mod Shift E"
                disabled={isFull(tab)}
                onClick={() => split(tab, "column", current)}
              />
            </>
          )}
        </div>
      </div>
      {tab ? (
        <Screens tab={tab} />
      ) : (
        <Empty
          icon={SquareTerminal}
          title={t("terminal.emptyTitle")}
          text={t(hosts.length === 0 ? "terminal.noHosts" : "terminal.emptyText")}
        >
          {hosts.slice(0, 6).map((host) => (
            <Button key={host} onClick={() => openTab(host, current)}>
              {host}
            </Button>
          ))}
        </Empty>
      )}
      <Asking />
    </div>
  );
}

/** The panes of a tab. They are placed rather than nested, so that a split leaves those that are there as they are. */
function Screens({ tab }: { tab: Tab }) {
  const places = placesOf(tab.splits);
  const share = (part: number) => `${part * 100}%`;
  return (
    <section
      aria-label={places.map(({ pane }) => pane.host).join(", ")}
      className="relative min-h-0 flex-1 overflow-hidden bg-sunken"
    >
      {places.map(({ pane, left, top, width, height }) => (
        <div
          key={pane.key}
          style={{ left: share(left), top: share(top), width: share(width), height: share(height) }}
          className={cx("absolute", left > 0 && "border-l", top > 0 && "border-t")}
        >
          <Pane tab={tab} session={pane} lone={places.length === 1} />
        </div>
      ))}
    </section>
  );
}

function TabButton({ tab, active }: { tab: Tab; active: boolean }) {
  const { t } = useTranslation();
  const shown = tab.active;
  const hosts = sessionsOf(tab)
    .map((one) => one.host)
    .join(" · ");
  return (
    <li
      className={cx(
        "group flex h-7 max-w-52 shrink-0 items-center rounded-md border",
        active ? "border-line-strong bg-hover" : "border-transparent text-muted hover:tint-muted",
      )}
    >
      <button
        type="button"
        aria-current={active}
        title={shown.title}
        onClick={() => {
          activate(tab.id);
          requestAnimationFrame(() => shown.focus());
        }}
        className="h-full min-w-0 truncate rounded-md pl-2.5 font-mono text-xs"
      >
        {hosts}
      </button>
      <button
        type="button"
        aria-label={t("terminal.close", { name: hosts })}
        onClick={() => closeTab(tab)}
        className="mx-1 grid size-5 place-items-center rounded-sm text-muted hover:tint-muted hover:text-text"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </li>
  );
}

function HostMenu({ hosts, onOpen }: { hosts: string[]; onOpen: (host: string) => void }) {
  const { t } = useTranslation();
  return (
    <Menu align="start" trigger={<IconButton icon={Plus} label={t("terminal.new")} shortcut="Mod Shift T" />}>
      <MenuLabel>{t("terminal.openOn")}</MenuLabel>
      {hosts.slice(0, 200).map((host) => (
        <MenuItem key={host} onSelect={() => onOpen(host)}>
          {host}
        </MenuItem>
      ))}
      {hosts.length === 0 && <p className="px-2 py-1.5 text-muted">{t("terminal.noHosts")}</p>}
    </Menu>
  );
}

/** Machines that have a shell: VPSes first, then those at home. */
function useHosts(): string[] {
  const { data: vpses } = useVpses();
  const { data: peers } = usePeers();
  return useMemo(
    () => [
      ...new Set([
        ...(vpses ?? []).map((one) => one.name),
        ...(peers ?? []).flatMap((one) => one.host ?? []),
      ]),
    ],
    [vpses, peers],
  );
}

/** Sets the size of letters in all terminals, and keeps it. */
function useFontSize(): (pixels: number) => void {
  const { data } = useSettings();
  const { mutate } = useSetSettings();
  return (font_size) => data && mutate({ ...data, terminal: { ...data.terminal, font_size } });
}

import { createStore } from "@/lib/store";
import type { TerminalSettings } from "@/api/generated/types";
import { Session } from "./session";

/** One tab: sessions side by side. */
export interface Tab {
  id: string;
  sessions: Session[];
  /** Key of the one that has the keyboard. */
  active: string;
  direction: "row" | "column";
}

interface Terminals {
  tabs: Tab[];
  active: string | null;
  /** What waits for the person's answer. */
  asking: { kind: "paste"; session: Session; text: string } | { kind: "link"; url: string } | null;
  /** Raised when a session changes, so that who shows it looks again. */
  round: number;
}

/** Terminals belong to the window, not to the page: they go on when the page is left. */
export const terminals = createStore<Terminals>({ tabs: [], active: null, asking: null, round: 0 });

const MOST_SPLITS = 4;

const bump = () => terminals.set((now) => ({ ...now, round: now.round + 1 }));

/** Terminals whose colours are those of the window change with it. */
let follower: MutationObserver | undefined;
function followWindow(settings: () => TerminalSettings): void {
  follower?.disconnect();
  follower = new MutationObserver(() => {
    for (const tab of terminals.get().tabs) for (const session of tab.sessions) session.restyle(settings());
  });
  follower.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
}

function start(host: string, settings: () => TerminalSettings): Session {
  followWindow(settings);
  const session: Session = new Session(host, settings, {
    changed: bump,
    bell: () => undefined,
    paste: (text) => terminals.set((now) => ({ ...now, asking: { kind: "paste", session, text } })),
    link: (url) => terminals.set((now) => ({ ...now, asking: { kind: "link", url } })),
  });
  return session;
}

export function openTab(host: string, settings: () => TerminalSettings): void {
  const session = start(host, settings);
  const tab: Tab = { id: crypto.randomUUID(), sessions: [session], active: session.key, direction: "row" };
  terminals.set((now) => ({ ...now, tabs: [...now.tabs, tab], active: tab.id }));
}

export function split(tabId: string, direction: Tab["direction"], settings: () => TerminalSettings): void {
  const tab = terminals.get().tabs.find((one) => one.id === tabId);
  const current = tab?.sessions.find((one) => one.key === tab.active);
  if (!tab || !current || tab.sessions.length >= MOST_SPLITS) return;
  const session = start(current.host, settings);
  change(tabId, (one) => ({ ...one, sessions: [...one.sessions, session], active: session.key, direction }));
}

export function closeSession(tabId: string, key: string): void {
  const tab = terminals.get().tabs.find((one) => one.id === tabId);
  tab?.sessions.find((one) => one.key === key)?.dispose();
  const left = tab?.sessions.filter((one) => one.key !== key) ?? [];
  if (left.length === 0) dropTab(tabId);
  else change(tabId, (one) => ({ ...one, sessions: left, active: left[0]?.key ?? "" }));
}

export function closeTab(tabId: string): void {
  terminals
    .get()
    .tabs.find((one) => one.id === tabId)
    ?.sessions.forEach((session) => session.dispose());
  dropTab(tabId);
}

function dropTab(tabId: string): void {
  terminals.set((now) => {
    const at = now.tabs.findIndex((one) => one.id === tabId);
    const tabs = now.tabs.filter((one) => one.id !== tabId);
    const active = now.active === tabId ? (tabs[Math.max(0, at - 1)]?.id ?? null) : now.active;
    return { ...now, tabs, active };
  });
}

export const activate = (tabId: string) => terminals.set((now) => ({ ...now, active: tabId }));
export const focusSession = (tabId: string, key: string) =>
  change(tabId, (tab) => (tab.active === key ? tab : { ...tab, active: key }));
export const answered = () => terminals.set((now) => ({ ...now, asking: null }));

function change(tabId: string, next: (tab: Tab) => Tab): void {
  terminals.set((now) => ({ ...now, tabs: now.tabs.map((tab) => (tab.id === tabId ? next(tab) : tab)) }));
}

import { createStore } from "@/lib/store";
import type { TerminalSettings } from "@/api/generated/types";
import { Session } from "./session";
import { beside, divided, panesOf, without, type Direction, type Splits, type Toward } from "./splits";

/** One tab: sessions beside and above one another. */
export interface Tab {
  id: string;
  splits: Splits<Session>;
  /** The one that has the keyboard. */
  active: Session;
}

/** The sessions of a tab, as they are read. */
export const sessionsOf = (tab: Tab): Session[] => panesOf(tab.splits);

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

/** Whether a tab holds as many as are of use on a screen. */
export const isFull = (tab: Tab) => sessionsOf(tab).length >= MOST_SPLITS;

const bump = () => terminals.set((now) => ({ ...now, round: now.round + 1 }));

/** Terminals whose colours are those of the window change with it. */
let follower: MutationObserver | undefined;
function followWindow(settings: () => TerminalSettings): void {
  follower?.disconnect();
  follower = new MutationObserver(() => {
    restyleAll(settings());
  });
  follower.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
}

/** Gives every terminal the letters and colours of the settings. */
export function restyleAll(settings: TerminalSettings): void {
  for (const tab of terminals.get().tabs) for (const session of sessionsOf(tab)) session.restyle(settings);
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
  const tab: Tab = { id: crypto.randomUUID(), splits: { pane: session }, active: session };
  terminals.set((now) => ({ ...now, tabs: [...now.tabs, tab], active: tab.id }));
}

/** Opens one more on the same host, beside or below the one that has the keyboard. */
export function split(tab: Tab, direction: Direction, settings: () => TerminalSettings): void {
  if (isFull(tab)) return;
  const session = start(tab.active.host, settings);
  change(tab.id, (one) => ({
    ...one,
    splits: divided(one.splits, one.active, direction, session),
    active: session,
  }));
}

/** Closes one; the keyboard goes to the one before it. */
export function closeSession(tab: Tab, session: Session): void {
  session.dispose();
  const splits = without(tab.splits, session);
  if (!splits) {
    dropTab(tab.id);
    return;
  }
  const before = panesOf(tab.splits)[panesOf(tab.splits).indexOf(session) - 1];
  change(tab.id, (one) => ({
    ...one,
    splits,
    active: one.active === session ? (before ?? panesOf(splits)[0] ?? session) : one.active,
  }));
}

export function closeTab(tab: Tab): void {
  for (const session of sessionsOf(tab)) session.dispose();
  dropTab(tab.id);
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
export const focusSession = (tab: Tab, session: Session) => {
  if (tab.active !== session) change(tab.id, (one) => ({ ...one, active: session }));
};

/** Gives the keyboard to the next one in a direction, if there is one. */
export function goBeside(tab: Tab, toward: Toward): void {
  const next = beside(tab.splits, tab.active, toward);
  if (next) focusSession(tab, next);
}

export const answered = () => terminals.set((now) => ({ ...now, asking: null }));

function change(tabId: string, next: (tab: Tab) => Tab): void {
  terminals.set((now) => ({ ...now, tabs: now.tabs.map((tab) => (tab.id === tabId ? next(tab) : tab)) }));
}

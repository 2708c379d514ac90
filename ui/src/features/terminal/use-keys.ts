import { useEffect, useRef } from "react";
import type { TerminalSettings } from "@/api/generated/types";
import { hasMod } from "@/lib/platform";
import { activate, closeSession, goBeside, openTab, split, terminals } from "./store";

const USUAL = 13;
const LEAST = 8;
const MOST = 32;

/** The size of letters that a key asks for, in pixels; none if it asks for none. */
export function sizeOf(key: string, now: number): number | null {
  if (key === "0") return USUAL;
  if (key === "+" || key === "=") return Math.min(MOST, now + 1);
  return key === "-" ? Math.max(LEAST, now - 1) : null;
}

/** Shortcuts of terminals; they go with Shift, so that none of the shell's own is taken. */
export function useTerminalKeys(settings: () => TerminalSettings, resize: (pixels: number) => void): void {
  const latest = useRef(resize);
  useEffect(() => {
    latest.current = resize;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!hasMod(event) || event.altKey) return;
      const wanted = sizeOf(event.key, settings().font_size);
      if (wanted !== null) {
        event.preventDefault();
        event.stopPropagation();
        latest.current(wanted);
        return;
      }
      if (!event.shiftKey) return;
      const { tabs, active } = terminals.get();
      const tab = tabs.find((one) => one.id === active);
      const session = tab?.active;
      const near = (step: number) =>
        tabs[(tabs.findIndex((one) => one.id === active) + step + tabs.length) % tabs.length];
      const actions: Record<string, (() => void) | undefined> = {
        KeyT: session && (() => openTab(session.host, settings)),
        KeyD: tab && (() => split(tab, "row", settings)),
        KeyE: tab && (() => split(tab, "column", settings)),
        ArrowLeft: tab && (() => goBeside(tab, "left")),
        ArrowRight: tab && (() => goBeside(tab, "right")),
        ArrowUp: tab && (() => goBeside(tab, "up")),
        ArrowDown: tab && (() => goBeside(tab, "down")),
        KeyW: tab && session && (() => closeSession(tab, session)),
        KeyC: session && (() => void navigator.clipboard.writeText(session.terminal.getSelection())),
        KeyV: session && (() => void navigator.clipboard.readText().then((text) => session.offer(text))),
        BracketRight: tabs.length > 1 ? () => activate(near(1)?.id ?? "") : undefined,
        BracketLeft: tabs.length > 1 ? () => activate(near(-1)?.id ?? "") : undefined,
      };
      const act = actions[event.code];
      if (!act) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    };
    window.addEventListener("keydown", press, { capture: true });
    return () => window.removeEventListener("keydown", press, { capture: true });
  }, [settings]);
}

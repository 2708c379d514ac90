import { useEffect, useRef } from "react";
import { useNavigate } from "@tanstack/react-router";
import { hasMod, isTyping } from "@/lib/platform";
import { nav } from "./nav";

const pages = new Map([...nav.top, ...nav.low].map((entry) => [entry.letter, entry.to]));

/** `Mod K` opens the palette, `/` goes to the page's search, `g` and a letter to a page. */
export function useShortcuts({ openPalette, paused }: { openPalette: () => void; paused: boolean }) {
  const navigate = useNavigate();
  const wentG = useRef(0);
  const latest = useRef({ openPalette, paused });
  useEffect(() => {
    latest.current = { openPalette, paused };
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (hasMod(event) && event.key.toLowerCase() === "k" && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        latest.current.openPalette();
        return;
      }
      if (latest.current.paused || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey)
        return;
      if (event.key === "/") {
        const search = document.querySelector<HTMLInputElement>("main [data-search]");
        if (search) event.preventDefault();
        search?.focus();
        return;
      }
      const to = pages.get(event.key);
      if (to && event.timeStamp - wentG.current < 1200) {
        event.preventDefault();
        void navigate({ to });
      }
      wentG.current = event.key === "g" ? event.timeStamp : 0;
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [navigate]);
}

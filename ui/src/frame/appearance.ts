import { useEffect, useSyncExternalStore } from "react";
import i18next from "i18next";
import { useSetSettings, useSettings } from "@/api/queries";
import { rowHeight } from "@/components/table/density";
import { setLanguage } from "@/i18n";
import { createStore } from "@/lib/store";
import type { Theme } from "@/api/generated/types";

const KEPT = "wirewarp.theme";
const media = window.matchMedia("(prefers-color-scheme: light)");

const isLight = (theme: Theme) => (theme === "system" ? media.matches : theme === "light");

/** The colours that are in force, for what is not drawn by style sheets. */
export const painted = createStore<"dark" | "light">("dark");

function paint(theme: Theme) {
  const colours = isLight(theme) ? "light" : "dark";
  document.documentElement.dataset.theme = colours;
  painted.set(colours);
}

/** Before the settings are there: as last time, so that the window does not flash. */
export function paintEarly() {
  const kept = localStorage.getItem(KEPT);
  paint(kept === "dark" || kept === "light" ? kept : "system");
}

/** Keeps colours, language and density as the settings say; follows the system where they say so. */
export function useAppearance() {
  const { data } = useSettings();
  const theme = data?.theme;
  useEffect(() => {
    if (!theme) return;
    localStorage.setItem(KEPT, theme);
    const follow = () => paint(theme);
    follow();
    media.addEventListener("change", follow);
    return () => media.removeEventListener("change", follow);
  }, [theme]);
  const compact = data?.density === "compact";
  useEffect(() => rowHeight.set(compact ? 28 : 36), [compact]);
  const language = data?.language;
  useEffect(() => {
    if (language) void setLanguage(language);
  }, [language]);
}

/** The moon and the sun of the top bar. */
export function useDark() {
  const { data } = useSettings();
  const set = useSetSettings();
  const systemIsLight = useSyncExternalStore(
    (watch) => {
      media.addEventListener("change", watch);
      return () => media.removeEventListener("change", watch);
    },
    () => media.matches,
  );
  const theme = data?.theme ?? "system";
  const dark = theme === "system" ? !systemIsLight : theme === "dark";
  const toggle = () => data && set.mutate({ ...data, theme: dark ? "light" : "dark" });
  return { dark, toggle, language: i18next.language };
}

import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { Dialog as Radix } from "radix-ui";
import { useTranslation } from "react-i18next";
import { TipProvider } from "@/components/tip";
import { Toasts } from "@/components/toast";
import { Questions } from "@/features/questions/questions";
import { useAppearance } from "./appearance";
import { keepEarlyKeys } from "./early-keys";
import { Quit } from "./quit";
import { useNews } from "./news";
import { Sidebar } from "./sidebar";
import { TopBar } from "./topbar";
import { useShortcuts } from "./shortcuts";

const loadPalette = () => import("./palette");
const Palette = lazy(loadPalette);
const PlanDialogs = lazy(() => import("@/features/plans/plan-dialog"));

/** What is around every page: sidebar, top bar, messages, questions, palette. */
export function Frame() {
  const { t } = useTranslation();
  const [drawer, setDrawer] = useState(false);
  const [palette, setPalette] = useState(false);
  useAppearance();
  useNews();
  const openPalette = () => {
    if (!palette) keepEarlyKeys();
    setPalette(true);
  };
  useShortcuts({ openPalette, paused: palette });
  // It is wanted at once when it is wanted: fetched once the first page stands.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette(), 1500);
    return () => clearTimeout(timer);
  }, []);
  const main = useMainFocus();
  return (
    <TipProvider>
      <a
        href="#main"
        className="sr-only z-80 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t("frame.skip")}
      </a>
      <div className="grid h-full grid-cols-1 grid-rows-[auto_1fr] sm:grid-cols-[3.25rem_1fr] lg:grid-cols-[13.75rem_1fr]">
        <div className="row-span-2 hidden border-r bg-surface sm:block">
          <Sidebar />
        </div>
        <TopBar onMenu={() => setDrawer(true)} onPalette={openPalette} />
        <main id="main" ref={main} tabIndex={-1} className="min-h-0 min-w-0 overflow-auto focus:outline-none">
          <Suspense fallback={null}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <Radix.Root open={drawer} onOpenChange={setDrawer}>
        <Radix.Portal>
          <Radix.Overlay className="fixed inset-0 z-40 bg-shade/55 appear" />
          <Radix.Content
            aria-describedby={undefined}
            className="fixed inset-y-0 left-0 z-50 w-60 border-r bg-surface"
          >
            <Radix.Title className="sr-only">{t("nav.label")}</Radix.Title>
            <Sidebar words onGo={() => setDrawer(false)} />
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
      {palette && (
        <Suspense fallback={null}>
          <Palette onClose={() => setPalette(false)} />
        </Suspense>
      )}
      <Suspense fallback={null}>
        <PlanDialogs />
      </Suspense>
      <Questions />
      <Quit />
      <Toasts />
    </TipProvider>
  );
}

/** After a change of page the reading position goes to its beginning, so that a screen reader starts there. */
function useMainFocus() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    if (document.activeElement === document.body || document.activeElement?.closest("nav"))
      main.current?.focus();
  }, [path]);
  return main;
}

import { useMemo } from "react";
import { useNavigate } from "@tanstack/react-router";
import {
  CircleHelp,
  Download,
  FolderOpen,
  ListChecks,
  Moon,
  Plus,
  Radar,
  Settings,
  ShieldCheck,
  type LucideIcon,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLook, useOpenDataDir } from "@/api/mutations";
import { usePending } from "@/api/queries";
import type { Export } from "@/api/generated/types";
import { toastError } from "@/components/toast";
import { useRunCheck } from "@/features/checks/use-run-check";
import { useExport } from "@/features/export/use-export";
import { QUESTIONS } from "@/features/help/questions";
import { useDark } from "./appearance";
import { nav } from "./nav";
import type { Entry } from "./palette-match";

export interface Act extends Entry {
  icon: LucideIcon;
  shortcut?: string;
  run: () => void;
}

const SECTIONS = ["appearance", "general", "defaults", "templates", "terminal", "about"] as const;

/** Pages with their shortcuts; parts of the settings and questions of the help, which have no letter of their own. */
export function usePages(): { pages: Act[]; parts: Act[] } {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return useMemo(
    () => ({
      pages: [...nav.top, ...nav.low].map((entry) => ({
        id: `page-${entry.key}`,
        name: t(`nav.${entry.key}`),
        icon: entry.icon,
        shortcut: `G ${entry.letter.toUpperCase()}`,
        run: () => void navigate({ to: entry.to }),
      })),
      parts: [
        ...SECTIONS.map((section) => ({
          id: `settings-${section}`,
          name: `${t("nav.settings")}: ${t(`settings.section.${section}`)}`,
          icon: Settings,
          run: () => void navigate({ to: "/settings", search: { section } }),
        })),
        ...QUESTIONS.map((q) => ({
          id: `help-${q}`,
          name: t(`help.q.${q}.ask`),
          icon: CircleHelp,
          run: () => void navigate({ to: "/help", search: { q } }),
        })),
      ],
    }),
    [t, navigate],
  );
}

/** What can be done at any time. */
export function useActions(): Act[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data: pending } = usePending();
  const { run: check } = useRunCheck();
  const { mutate: look } = useLook();
  const { mutate: openFolder } = useOpenDataDir();
  const { dark, toggle } = useDark();
  const exports = useExports();
  return [
    {
      id: "add-forward",
      name: t("forwards.add"),
      icon: Plus,
      run: () => void navigate({ to: "/forwards", search: { open: "new" } }),
    },
    { id: "add-peer", name: t("peers.add"), icon: Plus, run: () => void navigate({ to: "/peers/add" }) },
    { id: "add-vps", name: t("vpses.add"), icon: Plus, run: () => void navigate({ to: "/vpses/add" }) },
    {
      id: "check-all",
      name: t("check.checkAll"),
      icon: ShieldCheck,
      run: () => check([]),
    },
    { id: "look", name: t("host.look"), icon: Radar, run: () => look([], { onError: toastError }) },
    ...(pending && pending.hosts.length > 0
      ? [
          {
            id: "pending",
            name: t("pending.title"),
            icon: ListChecks,
            run: () => void navigate({ to: "/pending" }),
          },
        ]
      : []),
    { id: "theme", name: t(dark ? "frame.toLight" : "frame.toDark"), icon: Moon, run: toggle },
    ...exports,
    {
      id: "data-dir",
      name: t("about.openDir"),
      icon: FolderOpen,
      run: () => openFolder(undefined, { onError: toastError }),
    },
  ];
}

const WHOLE: Export[] = [
  { table: "vpses", only: null },
  { table: "peers", only: null },
  { table: "forwards", only: null },
  { table: "activity", filter: { text: "", kind: null, failed: false, from: null, until: null } },
];

function useExports(): Act[] {
  const { t } = useTranslation();
  const { save } = useExport();
  return WHOLE.map((what) => ({
    id: `export-${what.table}`,
    name: `${t("common.exportCsv")}: ${t(`nav.${what.table}`)}`,
    icon: Download,
    run: () => save(what),
  }));
}

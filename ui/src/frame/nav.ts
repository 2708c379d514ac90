import {
  Activity,
  BellRing,
  Boxes,
  Cable,
  ChartLine,
  LayoutDashboard,
  Settings,
  Server,
  SquareTerminal,
  House,
  type LucideIcon,
} from "lucide-react";

export interface NavEntry {
  to:
    | "/"
    | "/vpses"
    | "/peers"
    | "/proxmox"
    | "/forwards"
    | "/monitoring"
    | "/terminal"
    | "/activity"
    | "/alerts"
    | "/settings";
  key:
    | "dashboard"
    | "vpses"
    | "peers"
    | "proxmox"
    | "forwards"
    | "monitoring"
    | "terminal"
    | "activity"
    | "alerts"
    | "settings";
  icon: LucideIcon;
  /** Pressed after `g`. */
  letter: string;
}

/** The pages of the sidebar, in their order; those of `low` stand at its foot. */
export const nav: { top: NavEntry[]; low: NavEntry[] } = {
  top: [
    { to: "/", key: "dashboard", icon: LayoutDashboard, letter: "d" },
    { to: "/vpses", key: "vpses", icon: Server, letter: "v" },
    { to: "/peers", key: "peers", icon: House, letter: "p" },
    { to: "/proxmox", key: "proxmox", icon: Boxes, letter: "x" },
    { to: "/forwards", key: "forwards", icon: Cable, letter: "f" },
    { to: "/monitoring", key: "monitoring", icon: ChartLine, letter: "m" },
    { to: "/terminal", key: "terminal", icon: SquareTerminal, letter: "t" },
    { to: "/activity", key: "activity", icon: Activity, letter: "a" },
  ],
  low: [
    { to: "/alerts", key: "alerts", icon: BellRing, letter: "w" },
    { to: "/settings", key: "settings", icon: Settings, letter: "s" },
  ],
};

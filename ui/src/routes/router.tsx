import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
} from "@tanstack/react-router";
import { Frame } from "@/frame/frame";
import { NotFound, RouteError } from "@/frame/fallbacks";
import {
  activitySearch,
  addPeerSearch,
  forwardsSearch,
  helpSearch,
  logSearch,
  monitoringSearch,
  peersSearch,
  proxmoxSearch,
  settingsSearch,
  tabSearch,
  terminalSearch,
  vpsesSearch,
} from "./search";

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound, errorComponent: RouteError });
const parent = { getParentRoute: () => root };

const dashboard = createRoute({
  ...parent,
  path: "/",
  component: lazyRouteComponent(() => import("@/features/dashboard/page"), "DashboardPage"),
});
const vpses = createRoute({
  ...parent,
  path: "/vpses",
  validateSearch: vpsesSearch,
  component: lazyRouteComponent(() => import("@/features/vpses/page"), "VpsesPage"),
});
const addVps = createRoute({
  ...parent,
  path: "/vpses/add",
  component: lazyRouteComponent(() => import("@/features/vpses/add-page"), "AddVpsPage"),
});
const vps = createRoute({
  ...parent,
  path: "/vpses/$name",
  validateSearch: tabSearch,
  component: lazyRouteComponent(() => import("@/features/vpses/detail-page"), "VpsPage"),
});
const peers = createRoute({
  ...parent,
  path: "/peers",
  validateSearch: peersSearch,
  component: lazyRouteComponent(() => import("@/features/peers/page"), "PeersPage"),
});
const addPeer = createRoute({
  ...parent,
  path: "/peers/add",
  validateSearch: addPeerSearch,
  component: lazyRouteComponent(() => import("@/features/peers/add-page"), "AddPeerPage"),
});
const peer = createRoute({
  ...parent,
  path: "/peers/$name",
  validateSearch: tabSearch,
  component: lazyRouteComponent(() => import("@/features/peers/detail-page"), "PeerPage"),
});
const proxmoxes = createRoute({
  ...parent,
  path: "/proxmox",
  component: lazyRouteComponent(() => import("@/features/proxmox/page"), "ProxmoxesPage"),
});
const proxmox = createRoute({
  ...parent,
  path: "/proxmox/$name",
  validateSearch: proxmoxSearch,
  component: lazyRouteComponent(() => import("@/features/proxmox/detail-page"), "ProxmoxPage"),
});
const forwards = createRoute({
  ...parent,
  path: "/forwards",
  validateSearch: forwardsSearch,
  component: lazyRouteComponent(() => import("@/features/forwards/page"), "ForwardsPage"),
});
const pending = createRoute({
  ...parent,
  path: "/pending",
  component: lazyRouteComponent(() => import("@/features/plans/pending-page"), "PendingPage"),
});
const job = createRoute({
  ...parent,
  path: "/jobs/$id",
  component: lazyRouteComponent(() => import("@/features/plans/job-page"), "JobPage"),
});
const drift = createRoute({
  ...parent,
  path: "/hosts/$name/drift",
  component: lazyRouteComponent(() => import("@/features/plans/drift-page"), "DriftPage"),
});
const monitoring = createRoute({
  ...parent,
  path: "/monitoring",
  validateSearch: monitoringSearch,
  component: lazyRouteComponent(() => import("@/features/monitoring/page"), "MonitoringPage"),
});
const terminal = createRoute({
  ...parent,
  path: "/terminal",
  validateSearch: terminalSearch,
  component: lazyRouteComponent(() => import("@/features/terminal/page"), "TerminalPage"),
});
const activity = createRoute({
  ...parent,
  path: "/activity",
  validateSearch: activitySearch,
  component: lazyRouteComponent(() => import("@/features/activity/page"), "ActivityPage"),
});
const operation = createRoute({
  ...parent,
  path: "/activity/$operation",
  component: lazyRouteComponent(() => import("@/features/activity/operation-page"), "OperationPage"),
});
const alerts = createRoute({
  ...parent,
  path: "/alerts",
  validateSearch: tabSearch,
  component: lazyRouteComponent(() => import("@/features/alerts/page"), "AlertsPage"),
});
const settings = createRoute({
  ...parent,
  path: "/settings",
  validateSearch: settingsSearch,
  component: lazyRouteComponent(() => import("@/features/settings/page"), "SettingsPage"),
});
const log = createRoute({
  ...parent,
  path: "/log",
  validateSearch: logSearch,
  component: lazyRouteComponent(() => import("@/features/log/page"), "LogPage"),
});
const help = createRoute({
  ...parent,
  path: "/help",
  validateSearch: helpSearch,
  component: lazyRouteComponent(() => import("@/features/help/page"), "HelpPage"),
});

const tree = root.addChildren([
  dashboard,
  vpses,
  addVps,
  vps,
  peers,
  addPeer,
  peer,
  proxmoxes,
  proxmox,
  forwards,
  pending,
  job,
  drift,
  monitoring,
  terminal,
  activity,
  operation,
  alerts,
  settings,
  log,
  help,
]);

export function makeRouter(history?: RouterHistory) {
  return createRouter({
    routeTree: tree,
    defaultPreload: "intent",
    scrollRestoration: true,
    ...(history ? { history } : {}),
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}

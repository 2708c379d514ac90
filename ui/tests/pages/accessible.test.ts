import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { context, launch, open, settled, type Look } from "../support/browser.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  id: string;
  help: string;
  nodes: { target: string[]; html: string; any: { message: string }[] }[];
}

/** WCAG 2.1 AA as axe knows it. Gives a line for each violation, so that a failure says where. */
async function violations(page: Page): Promise<string[]> {
  // Evaluated, since the content policy of the page lets no script in.
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run: (what: Document, options: object) => Promise<{ violations: Violation[] }> };
    };
    return (await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] })).violations;
  });
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.any[0]?.message ?? node.html.slice(0, 160)}`),
  );
}

interface Case extends Look {
  path: string;
  act?: (page: Page) => Promise<unknown>;
}

const pages: Record<string, Case> = {
  dashboard: { path: "/" },
  "first start": { path: "/", scenario: "empty" },
  VPSes: { path: "/vpses" },
  VPS: { path: "/vpses/nyc" },
  "a VPS's quota": {
    path: "/vpses/nyc",
    act: (page) => page.getByRole("button", { name: "Set quota" }).click(),
  },
  "VPS's figures": { path: "/vpses/nyc?tab=metrics" },
  "VPS's settings": { path: "/vpses/nyc?tab=settings" },
  "VPS's terminal": {
    path: "/vpses/nyc?tab=terminal",
    act: async (page) => {
      await page.getByRole("button", { name: "Terminal on nyc" }).click();
      await page.locator(".xterm-rows").waitFor();
    },
  },
  "last step": { path: "/", scenario: "small" },
  MTU: { path: "/peers/attic", act: (page) => page.getByRole("button", { name: "Change the MTU" }).click() },
  "own traffic": {
    path: "/peers/attic",
    act: async (page) => {
      await page.getByRole("button", { name: "Change how its own traffic goes" }).click();
      await page.getByRole("radio", { name: /^To some networks/ }).click();
    },
  },
  "one of many peers": {
    path: "/forwards?view=table",
    scenario: "large",
    act: (page) => page.getByRole("combobox", { name: "Peer All" }).click(),
  },
  "an answer": { path: "/help?q=conflict" },
  "what can be taken back": {
    path: "/peers/attic",
    act: async (page) => {
      await page.getByRole("button", { name: "More actions" }).click();
      await page.getByRole("menuitem", { name: "Suspend" }).click();
      await page.getByRole("button", { name: /^Apply on/ }).click();
      await page.getByText(/Done in/).waitFor();
      await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
      await page.getByRole("button", { name: "Undo" }).waitFor();
    },
  },
  "what the rules found": { path: "/alerts" },
  "rules of alerts": { path: "/alerts?tab=rules" },
  "a rule": {
    path: "/alerts?tab=rules",
    act: (page) => page.getByRole("button", { name: "Edit Disk almost full" }).click(),
  },
  channels: { path: "/alerts?tab=channels" },
  "a channel": {
    path: "/alerts?tab=channels",
    act: (page) => page.getByRole("button", { name: "Edit post" }).click(),
  },
  "what was sent": { path: "/alerts?tab=sent" },
  "Proxmox hosts": { path: "/proxmox" },
  "no Proxmox host": { path: "/proxmox", scenario: "empty" },
  "Proxmox host": { path: "/proxmox/cellar" },
  "guest to attach": {
    path: "/proxmox/cellar?guest=101",
    act: (page) => page.getByLabel("Ports").waitFor(),
  },
  "sign-in": { path: "/proxmox", act: (page) => page.getByRole("button", { name: "Sign in" }).click() },
  "VPS with drift": { path: "/vpses/fra" },
  "add VPS": { path: "/vpses/add" },
  "host key": {
    path: "/vpses/add",
    act: async (page) => {
      await page.getByLabel("Where is it?").fill("root@198.51.100.77");
      await page.getByRole("button", { name: "Test connection" }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  "what was found": {
    path: "/vpses/add",
    act: async (page) => {
      await page.getByLabel("Where is it?").fill("root@198.51.100.77");
      await page.getByRole("button", { name: "Test connection" }).click();
      await page.getByRole("button", { name: /trust it/ }).click();
      await page.getByLabel("Tunnel network").waitFor();
    },
  },
  peers: { path: "/peers" },
  peer: { path: "/peers/attic" },
  "peer of a device": {
    path: "/peers/phone",
    act: (page) => page.getByRole("button", { name: "Show" }).click(),
  },
  "peer's forwards": { path: "/peers/attic?tab=forwards" },
  "add peer": { path: "/peers/add" },
  "forwards as a picture": { path: "/forwards" },
  "forwards as a table": { path: "/forwards?view=table" },
  "forward form": { path: "/forwards?open=new" },
  "forward in its drawer": {
    path: "/forwards",
    act: (page) =>
      page
        .getByRole("button", { name: /valheim/ })
        .last()
        .click(),
  },
  "clients of a forward": {
    path: "/forwards",
    act: async (page) => {
      await page
        .getByRole("button", { name: /survival voice/ })
        .last()
        .click();
      await page.getByRole("button", { name: "Look", exact: true }).click();
      await page.getByRole("list", { name: "Connected clients" }).waitFor();
    },
  },
  "a plan": { path: "/pending" },
  "job of a check": {
    path: "/forwards",
    act: async (page) => {
      await page.getByRole("button", { name: "Check all" }).click();
      await page.getByText(/Checked in/).waitFor();
    },
  },
  drift: { path: "/hosts/fra/drift" },
  activity: { path: "/activity" },
  monitoring: { path: "/monitoring" },
  "monitoring of a VPS": { path: "/monitoring?range=month&vps=nyc" },
  analytics: { path: "/monitoring?view=analytics" },
  "bridges of a Proxmox host": { path: "/proxmox/cellar?tab=bridges" },
  "a further guest": { path: "/proxmox/cellar?guest=101" },
  "the log": { path: "/log" },
  "levels of the log": {
    path: "/log",
    act: (page) => page.getByRole("button", { name: "What is logged" }).click(),
  },
  "support bundle": {
    path: "/log",
    act: (page) => page.getByRole("button", { name: "Support bundle" }).click(),
  },
  "nothing to watch": { path: "/monitoring", scenario: "empty" },
  alerts: { path: "/alerts" },
  settings: { path: "/settings" },
  "settings, general": { path: "/settings?section=general" },
  "settings, defaults": { path: "/settings?section=defaults" },
  templates: { path: "/settings?section=templates" },
  "settings, terminal": { path: "/settings?section=terminal" },
  about: { path: "/settings?section=about" },
  help: { path: "/help" },
  terminal: { path: "/terminal?host=nyc", act: (page) => page.locator(".xterm-rows").waitFor() },
  palette: {
    path: "/",
    act: async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").waitFor();
    },
  },
  "palette over objects": {
    path: "/",
    act: async (page) => {
      await page.getByRole("button", { name: "Search or do" }).click();
      await page.getByRole("combobox").waitFor();
      await page.keyboard.type("garage");
      await page.getByRole("option", { name: "Suspend garage" }).waitFor();
    },
  },
  "a page that cannot read": { path: "/peers", scenario: "errors" },
  "a page that waits": { path: "/peers", scenario: "slow" },
  "nothing found": { path: "/nowhere" },
};

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

describe.each(["dark", "light"] as const)("in %s colours", (theme) => {
  test.each(Object.entries(pages))("%s has no violation", async (_name, { path, act, ...look }) => {
    const within = await context(browser, { theme, ...look });
    const page = await open(within, path, look);
    if (look.scenario !== "slow") await settled(page);
    await act?.(page);
    await page.waitForTimeout(150);
    expect(await violations(page)).toEqual([]);
    await within.close();
  });
});

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import en from "../../src/i18n/en.json" with { type: "json" };
import { context, launch, open, settled, type Look } from "../support/browser.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const PAGES = [
  "/",
  "/vpses",
  "/vpses/add",
  ...["", "?tab=peers", "?tab=metrics", "?tab=terminal", "?tab=activity", "?tab=settings"].map(
    (tab) => `/vpses/fra${tab}`,
  ),
  "/peers",
  "/peers/add",
  ...["", "?tab=forwards", "?tab=metrics", "?tab=activity"].map((tab) => `/peers/attic${tab}`),
  "/peers/phone",
  "/proxmox",
  "/proxmox/cellar",
  "/proxmox/cellar?guest=100",
  "/proxmox/cellar?guest=101",
  "/forwards",
  "/forwards?view=table",
  "/forwards?open=new",
  "/pending",
  "/hosts/fra/drift",
  "/terminal",
  "/activity",
  "/alerts",
  ...["appearance", "general", "defaults", "templates", "terminal", "about"].map(
    (one) => `/settings?section=${one}`,
  ),
  "/help",
  "/nowhere",
];

const names = Object.keys(en).join("|");
/** `pool.used`: the name of a sentence, with nothing around it. */
const RAW = new RegExp(`(?<![\\w./@-])(?:${names})\\.[a-z][a-zA-Z]*(?:\\.[a-zA-Z]+)*(?![\\w.(-])`, "g");
/** `{{count}}`: a hole that nobody filled. */
const HOLE = /\{\{\w*\}\}/g;

/** All that can be read or heard: text, names, tips, placeholders, the window's title. */
async function said(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = [document.title, document.body.innerText];
    for (const element of document.querySelectorAll("*"))
      for (const name of ["aria-label", "title", "placeholder", "alt"])
        found.push(element.getAttribute(name) ?? "");
    return found;
  });
}

describe.each<Look>([
  { language: "en", scenario: "rich" },
  { language: "de", scenario: "rich" },
  { language: "en", scenario: "empty" },
  { language: "de", scenario: "partly" },
])("in $language with $scenario", (look) => {
  test("no name of a sentence is shown, and no hole", async () => {
    const within = await context(browser, look);
    const missing: string[] = [];
    within.on("console", (message) => {
      if (message.type() === "error") missing.push(`${message.page()?.url()}: ${message.text()}`);
    });
    const page = await open(within, "/", look);
    await page.evaluate((language) => {
      const world = window.wirewarpMock?.world;
      if (world && language === "de") world.settings.language = "de";
      window.wirewarpMock?.say("changed", { subjects: ["settings"] });
    }, look.language ?? "en");
    await page.waitForFunction((tag) => document.documentElement.lang === tag, look.language);
    for (const path of PAGES) {
      await page.evaluate((to) => {
        history.pushState({}, "", to);
        dispatchEvent(new PopStateEvent("popstate"));
      }, path);
      await settled(page);
      expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(path);
      for (const text of await said(page)) {
        const odd = [...text.matchAll(RAW), ...text.matchAll(HOLE)].map(([found]) => found);
        missing.push(...odd.filter((one) => !one.startsWith("play.")).map((one) => `${path}: ${one}`));
      }
    }
    await within.close();
    expect(missing).toEqual([]);
  }, 120_000);
});

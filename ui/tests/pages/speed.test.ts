import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { context, launch, open, settled } from "../support/browser.ts";

/** Milliseconds. The target is 100 on a quiet machine; a busy one is given some times as much by `SLACK`. */
const TARGET = 100;
const SLACK = Number(process.env.SLACK ?? 4);
const ROUNDS = 5;

const PAGES: [link: string, there: string][] = [
  ["VPSes", "[role=grid][aria-rowcount='1001'] [role=gridcell]"],
  ["Peers", "[role=grid][aria-rowcount='5001'] [role=gridcell]"],
  ["Port forwards", "main article"],
  ["Activity", "main h1"],
  ["Alerts", "main li"],
  ["Settings", "main [role=tab]"],
  ["Dashboard", "main section[aria-label]"],
];

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await launch();
  const within = await context(browser);
  page = await open(within, "/", { scenario: "huge" });
  await settled(page);
}, 120_000);
afterAll(() => browser.close());

/** From the click to the second frame in which the page stands, as a person sees it. */
async function switchTo(link: string, there: string): Promise<number> {
  return page.evaluate(
    async ([name, selector]) => {
      const entry = [...document.querySelectorAll<HTMLElement>("nav a")].find((one) =>
        one.textContent.startsWith(name),
      );
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      await new Promise((done) => setTimeout(done, 150));
      const path = entry?.getAttribute("href");
      const from = performance.now();
      performance.mark(`to ${name}`);
      entry?.click();
      while (location.pathname !== path || !document.querySelector(selector)) await frame();
      await frame();
      return performance.measure(name, { start: from, end: performance.now() }).duration;
    },
    [link, there] as const,
  );
}

test("pages switch at once with 1,000 VPSes, 5,000 peers and 50,000 forwards", async () => {
  // The first visit of each fetches its code and its data; that is the start, not a switch.
  for (const [link, there] of PAGES) await switchTo(link, there);
  const took = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [link, there] of PAGES)
      took.set(link, [...(took.get(link) ?? []), await switchTo(link, there)]);
  const median = [...took].map(([link, all]) => [link, all.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0] as const);
  console.info(median.map(([link, ms]) => `${link} ${Math.round(ms)} ms`).join(", "));
  for (const [link, ms] of median)
    expect([link, ms < TARGET * SLACK, Math.round(ms)]).toEqual([link, true, expect.any(Number)]);
}, 120_000);

test("the palette finds one of 50,000 forwards while it is typed", async () => {
  await page.keyboard.press("Control+k");
  const input = page.getByRole("combobox", { name: "Commands and objects" });
  await input.waitFor();
  await input.fill("s");
  const took = await page.evaluate(async () => {
    const field = document.querySelector<HTMLInputElement>("[cmdk-input]");
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const all: number[] = [];
    for (const text of [
      "server 4",
      "server 49",
      "server 499",
      "server 4999",
      "198.18.1.10",
      "suspend cabin-49",
    ]) {
      const from = performance.now();
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, text);
      field?.dispatchEvent(new Event("input", { bubbles: true }));
      await frame();
      await frame();
      all.push(performance.now() - from);
    }
    return all;
  });
  console.info(`a key in the palette: ${took.map((ms) => Math.round(ms)).join(", ")} ms`);
  await page
    .getByRole("option", { name: /Suspend cabin-49/ })
    .first()
    .waitFor();
  expect(Math.max(...took)).toBeLessThan(TARGET * SLACK);
  await page.keyboard.press("Escape");
}, 60_000);

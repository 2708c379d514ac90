import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { inBrowser } from "../support/at.ts";
import { settled } from "../support/browser.ts";

const { at } = inBrowser();

const chart = (page: Page) => page.getByRole("img", { name: /^Bandwidth by peer over time/ });

/** The stretches that were asked for, oldest first, in seconds. */
const asked = (page: Page) =>
  page.evaluate(() =>
    (window.wirewarpMock?.calls ?? [])
      .filter((call) => call.command === "past")
      .map((call) => (call.args as { stretch: { from: number; to: number } }).stretch)
      .map(({ from, to }) => to - from),
  );

async function dragged(page: Page, from: number, to: number, key?: "Shift") {
  const box = await page.locator(".u-over").first().boundingBox();
  if (!box) throw new Error("there is no chart");
  const y = box.y + box.height / 2;
  if (key) await page.keyboard.down(key);
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, y, { steps: 4 });
  await page.mouse.up();
  if (key) await page.keyboard.up(key);
  await settled(page);
}

const shown = (page: Page) => page.getByText(/Drag over a chart to zoom in/).innerText();

describe("monitoring", () => {
  test("the range stands in the address, and is chosen with the keyboard", async () => {
    await at("/monitoring?range=week", {}, async (page) => {
      await chart(page).waitFor();
      const week = page.getByRole("radio", { name: "Week" });
      expect(await week.getAttribute("aria-checked")).toBe("true");
      expect((await asked(page)).at(-1)).toBe(7 * 86_400);
      await week.focus();
      await page.keyboard.press("ArrowRight");
      await page.locator("[role=radio]:focus", { hasText: "Month" }).waitFor();
      await page.keyboard.press("Enter");
      await page.waitForURL(/range=month/);
      await expect.poll(async () => (await asked(page)).includes(30 * 86_400)).toBe(true);
    });
  });

  test("the table has for each peer what the chart shows", async () => {
    await at("/monitoring", {}, async (page) => {
      const table = page.getByRole("table", { name: "Traffic of each peer" });
      const row = table.getByRole("row", { name: /^attic / });
      expect(await row.getByRole("cell").count()).toBe(6);
      expect(await row.getByRole("cell").nth(0).innerText()).toMatch(/^[\d.]+ [kMGT]?B$/);
      expect(await row.getByRole("cell").nth(1).innerText()).toMatch(/bit\/s$/);
      expect(await page.getByText("The history takes 48.2 MB").count()).toBe(1);
    });
  });

  test("dragging zooms in, Shift moves, a double-click goes back", async () => {
    await at("/monitoring", {}, async (page) => {
      await chart(page).waitFor();
      const whole = await shown(page);
      await dragged(page, 0.25, 0.5);
      const near = await shown(page);
      expect(near).not.toBe(whole);
      const spans = await asked(page);
      const span = spans.at(-1) ?? 0;
      expect(span).toBeGreaterThan(5.5 * 3600);
      expect(span).toBeLessThan(6.6 * 3600);
      await dragged(page, 0.3, 0.6, "Shift");
      expect(await shown(page)).not.toBe(near);
      await page.locator(".u-over").first().dblclick();
      await expect.poll(() => shown(page)).toBe(whole);
      await page.getByRole("button", { name: "Earlier" }).click();
      await expect.poll(() => shown(page)).not.toBe(whole);
      await page.getByRole("button", { name: "Whole range" }).click();
      await expect.poll(() => shown(page)).toBe(whole);
    });
  });

  test("the pointer shows exact values at a time", async () => {
    await at("/monitoring", {}, async (page) => {
      await chart(page).waitFor();
      await page.locator(".u-over").first().hover();
      const tip = page.locator(".shadow-float").filter({ hasText: "attic" });
      await tip.waitFor();
      expect(await tip.innerText()).toMatch(/\d:\d\d:\d\d/);
      expect(await tip.innerText()).toMatch(/bit\/s/);
    });
  });

  test("a VPS that is chosen shows how it did, and only its peers", async () => {
    await at("/monitoring", {}, async (page) => {
      await page.getByRole("button", { name: "nyc", exact: true }).click();
      await page.waitForURL(/vps=nyc/);
      for (const name of ["Processor", "Memory", "Disk", "Load", "Network"])
        await page.getByRole("heading", { name, exact: true }).waitFor();
      await page.getByRole("img", { name: /^Processor over time; the highest was \d+ %/ }).waitFor();
      const others = await page.evaluate(() =>
        window.wirewarpMock?.world.peers.filter((one) => one.vps_name !== "nyc").map((one) => one.name),
      );
      const table = page.getByRole("table", { name: "Traffic of each peer" });
      expect(others?.length).toBeGreaterThan(0);
      for (const name of others ?? [])
        expect(await table.getByRole("rowheader", { name, exact: true }).count()).toBe(0);
    });
  });

  test("with five thousand peers it asks for two hundred and says so", async () => {
    await at("/monitoring", { scenario: "large" }, async (page) => {
      await page.getByText("The 200 peers that carry most now, of 5,000.").waitFor();
      const most = await page.evaluate(() =>
        Math.max(
          ...(window.wirewarpMock?.calls ?? [])
            .filter((call) => call.command === "past")
            .map((call) => (call.args as { of: unknown[] }).of.length),
        ),
      );
      expect(most).toBeLessThanOrEqual(200);
    });
  });

  test("it says what to do where there is nothing, and what went wrong", async () => {
    await at("/monitoring", { scenario: "empty" }, (page) =>
      page.getByRole("heading", { name: "Nothing to watch yet" }).waitFor(),
    );
    await at("/monitoring", { scenario: "errors" }, async (page) => {
      const alert = page.getByRole("alert").first();
      expect(await alert.innerText()).toContain("database is locked");
      await page.evaluate(() => window.wirewarpMock?.world.broken.clear());
      for (const one of await page.getByRole("button", { name: "Try again" }).all()) await one.click();
      await chart(page).waitFor();
    });
  });
});

test("how often figures are collected is a setting", async () => {
  await at("/settings?section=general", {}, async (page) => {
    const often = page.getByLabel("Collect figures every");
    await often.fill("0");
    await often.press("Enter");
    await page.getByRole("alert").waitFor();
    await often.fill("5");
    await often.press("Enter");
    const field = page.getByLabel("Collect figures in the background every");
    await field.fill("120");
    await field.press("Enter");
    await expect
      .poll(() =>
        page.evaluate(() => {
          const settings = window.wirewarpMock?.world.settings;
          return [settings?.poll_seconds, settings?.poll_background_seconds];
        }),
      )
      .toEqual([5, 120]);
  });
});

test("the dashboard has the week's bandwidth, the month's traffic and what is open now", async () => {
  await at("/", {}, async (page) => {
    await page.getByRole("img", { name: /^Bandwidth over time: [\d.]+ [kMGT]B to home/ }).waitFor();
    const month = page.locator("section", { has: page.getByRole("heading", { name: "Traffic this month" }) });
    expect(await month.getByRole("definition").nth(0).innerText()).toMatch(/^[\d.]+ [kMGT]B$/);
    expect(await month.getByRole("definition").nth(2).innerText()).toMatch(/^\d+$/);
    expect(await asked(page)).toContain(7 * 86_400);
  });
});

test("a VPS and a peer have the last day on their own pages", async () => {
  await at("/vpses/nyc?tab=metrics", {}, async (page) => {
    await page.getByRole("img", { name: /^Bandwidth over time/ }).waitFor();
    await page.getByRole("img", { name: /^Memory over time/ }).waitFor();
  });
  await at("/peers/attic?tab=metrics", {}, async (page) => {
    await page.getByRole("img", { name: /^Bandwidth over time/ }).waitFor();
    await page.getByRole("link", { name: "Monitoring" }).last().click();
    await page.waitForURL(/\/monitoring\?range=day/);
  });
});

describe("analytics", () => {
  const analytics = "/monitoring?view=analytics";

  test("each hour of the week has its figure, and the busiest is named", async () => {
    await at("/monitoring", {}, async (page) => {
      await page.getByRole("radio", { name: "Analytics" }).click();
      await page.waitForURL(/view=analytics/);
      const map = page.getByRole("table", { name: /^Bytes an hour on average/ });
      expect(await map.getByRole("cell").count()).toBeGreaterThanOrEqual(168);
      const saturday = map.getByRole("row", { name: /^Sat / });
      expect(await saturday.getByRole("cell").nth(20).innerText()).toMatch(/^3\.4 GB$/);
      expect(await page.getByText("Busiest: Saturday from 20:00 to 21:00, 3.4 GB").count()).toBe(1);
      // A week is the least that says something about weekdays.
      expect(await page.getByRole("radio", { name: "Hour" }).count()).toBe(0);
    });
  });

  test("uptime is never rounded up, and what nobody saw is a dash", async () => {
    await at(analytics, {}, async (page) => {
      const table = page.getByRole("table", { name: /^Of the time in which/ });
      await table.waitFor();
      const cells = await table.getByRole("cell").allInnerTexts();
      expect(cells.some((cell) => cell.startsWith("99.98 %") || cell.startsWith("99.98%"))).toBe(true);
      expect(cells.some((cell) => cell.includes("2 outages"))).toBe(true);
      expect(cells.every((cell) => !cell.includes("NaN"))).toBe(true);
    });
  });

  test("a VPS alone is asked for, and keeps its place in the address", async () => {
    await at(`${analytics}&vps=nyc&range=year`, {}, async (page) => {
      await page.getByText("Peers that carry most").waitFor();
      const asked = await page.evaluate(() =>
        (window.wirewarpMock?.calls ?? []).filter((call) => call.command === "analysis").at(-1),
      );
      const args = asked?.args as { vps: string; stretch: { from: number; to: number } };
      expect(args.vps).toBe("nyc");
      expect(args.stretch.to - args.stretch.from).toBe(365 * 86_400);
    });
  });

  test("before anything was collected it says so", async () => {
    await at(analytics, { scenario: "empty" }, async (page) => {
      await page.getByText("Nothing to watch yet").waitFor();
    });
  });
});

describe("what goes through now", () => {
  for (const [path, row] of [
    ["/peers", /attic/],
    ["/vpses", /nyc/],
    ["/forwards?view=table", /25565/],
  ] as const) {
    test(`a row of ${path} has the speed and the last hour, asked once for all rows`, async () => {
      await at(path, { width: 1440 }, async (page) => {
        const line = page.getByRole("row", { name: row }).first();
        const drawn = line.locator("svg[data-sparkline] path");
        await drawn.waitFor({ state: "attached" });
        expect(await line.innerText()).toMatch(/[\d.,]+ [kM]?bit\/s/);
        expect(await drawn.getAttribute("d")).toMatch(/^M[\d.]+ [\d.]+L/);
        expect(await asked(page)).toEqual([3600]);
      });
    });
  }

  test("the busiest stand first when that heading is clicked", async () => {
    await at("/peers", {}, async (page) => {
      await page.getByRole("columnheader", { name: "Now" }).getByRole("button").click();
      await page.waitForURL(/sort=-now/);
      await page.locator("svg[data-sparkline]").first().waitFor({ state: "attached" });
      const shown = await page.getByText(/bit\/s$/).allInnerTexts();
      const bits = shown.map(
        (text) => Number.parseFloat(text) * (text.includes("M") ? 1e6 : text.includes("k") ? 1e3 : 1),
      );
      expect(bits.length).toBeGreaterThan(1);
      expect(bits).toEqual([...bits].sort((a, b) => b - a));
    });
  });
});

import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { inBrowser } from "../support/at.ts";
import { open, settled } from "../support/browser.ts";

const { at, fresh } = inBrowser();

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { name }).first();

describe("with nothing there", () => {
  test.each([
    ["/", "Connect your VPS", "Add a VPS"],
    ["/vpses", "Connect your VPS", "Add VPS"],
    ["/peers", "Connect your home", "Add VPS"],
    ["/forwards", "Open a port", "Add peer"],
    ["/peers/add", "Connect your home", "Add VPS"],
  ])("%s says what to do first", async (path, title, action) => {
    await at(path, { scenario: "empty" }, async (page) => {
      await heading(page, title).waitFor();
      await page.locator("main").getByRole("link", { name: action }).first().waitFor();
    });
  });

  test("/proxmox says what to do first", async () => {
    await at("/proxmox", { scenario: "empty" }, async (page) => {
      await heading(page, "Sign in to your Proxmox host").waitFor();
      await page.locator("main").getByRole("button", { name: "Sign in" }).waitFor();
    });
  });

  test("the first start lights the step that is next", async () => {
    await at("/", { scenario: "first-vps" }, async (page) => {
      expect(await page.locator("[aria-current=step]").innerText()).toContain("Connect your home");
    });
  });

  test("the terminal, activity and pending pages are not dead ends", async () => {
    await at("/terminal", { scenario: "empty" }, (page) =>
      heading(page, "A shell on any of your hosts").waitFor(),
    );
    await at("/activity", { scenario: "empty" }, (page) =>
      heading(page, "Nothing has happened yet").waitFor(),
    );
    await at("/pending", { scenario: "empty" }, (page) => heading(page, "Everything is applied").waitFor());
    await at("/alerts", { scenario: "empty" }, (page) => heading(page, "Nothing needs you").waitFor());
  });
});

describe("when the program fails", () => {
  const paths = [
    "/",
    "/vpses",
    "/vpses/nyc",
    "/peers",
    "/peers/attic",
    "/proxmox",
    "/forwards",
    "/activity",
    "/settings",
    "/hosts/fra/drift",
  ];
  test.each(paths)("%s says what, why and what to do, and tries again", async (path) => {
    await at(path, { scenario: "errors" }, async (page) => {
      const alert = page.getByRole("alert").first();
      expect(await alert.innerText()).toContain("database is locked");
      expect(await alert.innerText()).toContain("Close the other program");
      await page.evaluate(() => window.wirewarpMock?.world.broken.clear());
      for (const button of await page.getByRole("button", { name: "Try again" }).all()) await button.click();
      await page.getByRole("alert").first().waitFor({ state: "detached" });
    });
  });
});

test.each(["/", "/vpses", "/peers", "/forwards", "/activity", "/settings"])(
  "%s keeps its places while it waits",
  async (path) => {
    await at(path, { scenario: "slow" }, async (page) => {
      await page.locator("main .skeleton").first().waitFor();
      expect(await page.locator("main [role=status]").count()).toBeGreaterThan(0);
    });
  },
);

describe("partly unreachable", () => {
  test("the dashboard tells unknown from down", async () => {
    await at("/", { scenario: "partly" }, async (page) => {
      expect(await page.locator("main").innerText()).toContain("Some VPSes could not be looked at.");
    });
    await at("/alerts", { scenario: "partly" }, async (page) => {
      const alerts = page.locator("main").getByRole("link", { name: /does not answer/ });
      await expect.poll(() => alerts.count()).toBe(3);
    });
  });

  test("a VPS shows what is known, and from when", async () => {
    await at("/vpses/fra", { scenario: "partly" }, async (page) => {
      expect(await page.getByRole("alert").innerText()).toContain("from the last look");
      await page.getByText("198.51.100.8").first().waitFor();
      expect(await page.locator("main time").first().innerText()).toMatch(/26 min/);
    });
  });
});

describe("with thousands of rows", () => {
  test("a table of 5,000 peers has only what is in view, filters and sorts at once", async () => {
    await at("/peers", { scenario: "large" }, async (page) => {
      const grid = page.getByRole("grid");
      expect(await grid.getAttribute("aria-rowcount")).toBe("5001");
      expect(await grid.getByRole("row").count()).toBeLessThan(60);
      await page.getByRole("searchbox").fill("attic-1");
      await page.waitForFunction(
        () => Number(document.querySelector("[role=grid]")?.getAttribute("aria-rowcount")) < 1000,
      );
      const took = await page.evaluate(async () => {
        const from = performance.now();
        document.querySelector<HTMLElement>("[role=columnheader][aria-sort] button")?.click();
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        return performance.now() - from;
      });
      expect(took).toBeLessThan(400);
    });
  });

  test("scrolling to the end shows the last row", async () => {
    await at("/peers", { scenario: "large" }, async (page) => {
      await page.locator("[role=row][data-index='0']").focus();
      await page.keyboard.press("End");
      await page.locator("[role=row][aria-rowindex='5001']").waitFor();
    });
  });

  test("a long name is cut, and whole on hover", async () => {
    await at("/peers?q=under-the-stairs&sort=-name", { scenario: "large" }, async (page) => {
      const name = page
        .getByRole("gridcell")
        .getByRole("link", { name: /under-the-stairs-that-runs-everything$/ })
        .first();
      expect(await name.getAttribute("title")).toBe(
        "the-very-old-desktop-under-the-stairs-that-runs-everything",
      );
    });
  });

  test("the picture draws a part and says how much it left out", async () => {
    await at("/forwards", { scenario: "large" }, async (page) => {
      await page.getByText(/4,?960 more peers are not drawn/).waitFor();
    });
  });
});

describe("narrow and enlarged", () => {
  const paths = [
    "/",
    "/vpses",
    "/vpses/nyc",
    "/vpses/add",
    "/peers",
    "/peers/phone",
    "/peers/add",
    "/forwards",
    "/forwards?view=table",
    "/pending",
    "/hosts/fra/drift",
    "/activity",
    "/alerts",
    "/settings",
    "/settings?section=templates",
    "/help",
  ];
  // 1280 px at 200 % is 640 CSS pixels.
  test.each([900, 640, 380])("no page is wider than %i px", async (width) => {
    const within = await fresh({ width, height: 700 });
    for (const path of paths) {
      const page = await open(within, path, {});
      await settled(page);
      const over = await page.evaluate(() => ({
        page: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        main: (() => {
          const main = document.querySelector("main");
          return main ? main.scrollWidth - main.clientWidth : 0;
        })(),
      }));
      expect([path, over]).toEqual([path, { page: 0, main: 0 }]);
      await page.close();
    }
    await within.close();
  });

  test("under 760 px the pages are in a drawer", async () => {
    await at("/", { width: 640 }, async (page) => {
      await page.getByRole("button", { name: "Open the list of pages" }).click();
      await page.getByRole("dialog").getByRole("link", { name: "Peers" }).click();
      await heading(page, "Peers").waitFor();
    });
  });
});

test("what is not there says so, and leads back", async () => {
  await at("/nowhere", {}, async (page) => {
    await page.getByRole("link", { name: "Go to the dashboard" }).click();
    await page.getByText(/forwards do not work/).waitFor();
  });
  await at("/vpses/nobody", {}, async (page) => {
    expect(await page.getByRole("alert").innerText()).toContain("There is no VPS “nobody”.");
  });
});

test("a link to a page with its filter survives a reload", async () => {
  await at("/peers?status=down&sort=-traffic", {}, async (page) => {
    await page.reload();
    await settled(page);
    const rows = page.getByRole("grid").getByRole("row");
    expect(await rows.count()).toBe(2);
    expect(await rows.last().innerText()).toContain("garage");
    expect(await page.getByRole("columnheader", { name: "Traffic" }).getAttribute("aria-sort")).toBe(
      "descending",
    );
  });
});

test("nothing breaks the content policy, and nothing is said on the console", async () => {
  const within = await fresh();
  const said: string[] = [];
  within.on(
    "console",
    (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()),
  );
  within.on("weberror", (error) => said.push(error.error().message));
  for (const path of [
    "/",
    "/vpses/nyc",
    "/peers/phone",
    "/forwards",
    "/pending",
    "/activity",
    "/settings?section=about",
    "/terminal?host=nyc",
  ]) {
    const page = await open(within, path, {});
    await settled(page);
    await page.close();
  }
  await within.close();
  expect(said).toEqual([]);
});

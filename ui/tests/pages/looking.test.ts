import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { button, inBrowser } from "../support/at.ts";

const { at } = inBrowser();

describe("clients of a forward", () => {
  const opened = async (page: Page, label = "survival voice") => {
    await button(page, label).last().click();
    const clients = page.getByRole("region", { name: "Who is connected" });
    await clients.waitFor();
    return clients;
  };

  test("the VPS is asked when somebody looks, and says who is there", async () => {
    await at("/forwards", {}, async (page) => {
      const clients = await opened(page);
      const asked = () =>
        page.evaluate(
          () => (window.wirewarpMock?.calls ?? []).filter((call) => call.command === "clients").length,
        );
      expect(await asked()).toBe(0);
      await clients.getByRole("button", { name: "Look" }).click();
      const list = clients.getByRole("list", { name: "Connected clients" });
      await list.waitFor();
      expect(await asked()).toBe(1);
      expect(await list.getByRole("listitem").count()).toBe(3);
      expect(await list.innerText()).toMatch(/198\.51\.100\.7\s+2 connections/);
      await page.getByRole("img", { name: /^Bandwidth over time/ }).waitFor();
    });
  });

  test("one is ended, one is kept out for a while and let in again", async () => {
    await at("/forwards", {}, async (page) => {
      const clients = await opened(page);
      await clients.getByRole("button", { name: "Look" }).click();
      await clients.getByRole("button", { name: "End the connections of 198.51.100.7" }).click();
      await page.getByText("The connections of 198.51.100.7 are ended.").waitFor();
      await expect.poll(() => clients.getByText("198.51.100.7").count()).toBe(0);

      await clients.getByRole("button", { name: "Keep 192.0.2.41 out" }).click();
      await page.getByRole("menuitem", { name: "Keep out for 1 hour" }).click();
      const blocked = clients.getByRole("list", { name: "Clients that are kept out" });
      await blocked.getByText(/kept out until/).waitFor();
      const sent = await page.evaluate(() =>
        (window.wirewarpMock?.calls ?? []).find((call) => call.command === "block_client"),
      );
      expect(sent?.args).toMatchObject({ client: "192.0.2.41", seconds: 3600 });
      await blocked.getByRole("button", { name: "Let in" }).click();
      await expect.poll(() => blocked.count()).toBe(0);
      await clients.getByRole("list", { name: "Connected clients" }).getByText("192.0.2.41").waitFor();
    });
  });

  test("a VPS that does not answer is told, and can be asked again", async () => {
    await at("/forwards", { scenario: "partly" }, async (page) => {
      const clients = await opened(page, "survival (eu)");
      await clients.getByRole("button", { name: "Look" }).click();
      await clients.getByText("The VPS could not be asked who is connected.").waitFor();
      expect(await clients.getByRole("button", { name: /again/i }).count()).toBe(1);
    });
  });
});

describe("how well a tunnel carries", () => {
  test("shows the last measurement and the last day, and measures anew", async () => {
    await at("/peers/attic?tab=metrics", {}, async (page) => {
      const panel = page.locator("section", { hasText: "Latency and loss" }).last();
      await panel.getByText("0 of 10 pings").waitFor();
      expect(await panel.getByText("1420 bytes; the tunnel’s MTU is 1420").count()).toBe(1);
      expect(await panel.getByText(/In the last day [\d.]+ ms on average/).count()).toBe(1);
      await panel.getByRole("button", { name: "Measure now" }).click();
      await panel.getByText("now", { exact: true }).waitFor();
    });
  });

  test("a suspended peer has nothing to measure", async () => {
    await at("/peers/lab?tab=metrics", {}, async (page) => {
      await page.getByText("Not measured yet.").waitFor();
      expect(await page.getByRole("button", { name: "Measure now" }).count()).toBe(0);
    });
  });
});

describe("the program's log", () => {
  test("is searched, and filtered by level and part", async () => {
    await at("/help", {}, async (page) => {
      await page.getByRole("link", { name: "Show the log" }).click();
      const list = page.getByRole("list", { name: "Program log" });
      await list.waitFor();
      expect(await list.getByRole("listitem").count()).toBe(60);
      await page.getByLabel("Search the log").fill("mail");
      await expect.poll(() => list.getByRole("listitem").count()).toBe(15);
      await page.waitForURL(/q=mail/);
      await page.getByLabel("Search the log").fill("nothing like this");
      await page.getByText("Nothing in the log is like that").waitFor();
    });
    await at("/log?level=error&module=wirewarp_notify", {}, async (page) => {
      const list = page.getByRole("list", { name: "Program log" });
      expect(await list.getByRole("listitem").count()).toBe(15);
    });
  });

  test("single parts get a level of their own", async () => {
    await at("/log", {}, async (page) => {
      await button(page, "What is logged").click();
      await page.getByRole("combobox", { name: "wirewarp_remote" }).click();
      await page.getByRole("option", { name: "Every detail" }).click();
      await expect
        .poll(() => page.evaluate(() => window.wirewarpMock?.world.settings.log_modules))
        .toEqual({ wirewarp_remote: "debug" });
    });
  });

  test("a support bundle is written without addresses unless they are wanted", async () => {
    await at("/log", {}, async (page) => {
      await button(page, "Support bundle").click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: "Save as…" }).click();
      await dialog.getByText("wirewarp-support.tar.gz").waitFor();
      expect(await dialog.getByRole("list", { name: "What is in it" }).getByRole("listitem").count()).toBe(3);
      const sent = await page.evaluate(() =>
        (window.wirewarpMock?.calls ?? []).find((call) => call.command === "save_support_bundle"),
      );
      expect(sent?.args).toEqual({ mask_addresses: true });
    });
  });
});

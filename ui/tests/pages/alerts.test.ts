import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { inBrowser } from "../support/at.ts";

const { at } = inBrowser();

const dialog = (page: Page) => page.getByRole("dialog");
const save = (page: Page) => dialog(page).getByRole("button", { name: "Save" });

/** What a command was given last. */
const given = (page: Page, command: string) =>
  page.evaluate(
    (name) => (window.wirewarpMock?.calls ?? []).filter((call) => call.command === name).at(-1)?.args,
    command,
  );

describe("being told", () => {
  test("what fires comes first, and can be silenced", async () => {
    await at("/alerts", {}, async (page) => {
      const found = page.locator("section", { hasText: "What the rules found" });
      const rows = found.getByRole("listitem");
      expect(await rows.first().innerText()).toMatch(/Firing[^]*no handshake for 8 min/);
      expect(await rows.last().innerText()).toMatch(/Resolved[^]*Over after/);
      await rows.first().getByRole("button", { name: "Silence" }).click();
      await page.getByRole("menuitem", { name: "8 hours" }).click();
      await page.getByText("Silent for 8 hours.").first().waitFor();
      expect(await given(page, "silence")).toMatchObject({ silence: { seconds: 28_800 } });
      await page.getByRole("tab", { name: "Rules" }).click();
      await page.getByRole("button", { name: "End" }).click();
      await expect.poll(() => page.getByRole("button", { name: "End" }).count()).toBe(0);
    });
  });

  test("a rule is added, and says what it does while it is made", async () => {
    await at("/alerts?tab=rules", {}, async (page) => {
      await page.getByRole("button", { name: "Add a rule" }).click();
      expect(await save(page).isDisabled()).toBe(true);
      await dialog(page).getByLabel("Name").fill("Memory of nyc");
      await dialog(page).getByRole("combobox", { name: "When" }).click();
      await page.getByRole("option", { name: "Memory is almost full" }).click();
      await dialog(page).getByLabel("From how many percent on").fill("120");
      await dialog(page).getByText("Tells you when memory is 120 % full for 5 minutes.").waitFor();
      await save(page).click();
      await dialog(page).getByText("this limit is 1 to 99 percent").waitFor();
      await dialog(page).getByLabel("From how many percent on").fill("85");
      await save(page).click();
      await expect.poll(() => dialog(page).count()).toBe(0);
      const row = page.getByRole("listitem").filter({ hasText: "Memory of nyc" });
      await row.getByRole("switch").click();
      await expect
        .poll(() => given(page, "save_alert_rule"))
        .toMatchObject({ rule: { enabled: false, condition: { when: "memory", percent: 85 } } });
    });
  });

  test("what was typed is not lost by closing", async () => {
    await at("/alerts?tab=rules", {}, async (page) => {
      await page.getByRole("button", { name: "Add a rule" }).click();
      await dialog(page).getByLabel("Name").fill("Half");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Discard" }).waitFor();
    });
  });

  test("a channel is tried before it is kept, and its secret goes one way", async () => {
    await at("/alerts?tab=channels", { scenario: "empty" }, async (page) => {
      await page.getByRole("button", { name: "Add a channel" }).click();
      await dialog(page).getByLabel("Name").fill("post");
      await dialog(page).getByRole("button", { name: "Send a test" }).click();
      await dialog(page).getByText("is no name of a server").waitFor();
      await dialog(page).getByLabel("Mail server").fill("mail.example.org");
      await dialog(page).getByLabel("Sender").fill("me@example.org");
      await dialog(page).getByLabel("Receivers").fill("you@example.org, them@example.org");
      await dialog(page).getByLabel("Account").fill("me");
      await dialog(page).getByLabel("Password", { exact: true }).fill("wrong");
      await dialog(page).getByRole("button", { name: "Send a test" }).click();
      await dialog(page).getByText("535 5.7.8 authentication failed").waitFor();
      await dialog(page).getByLabel("Password", { exact: true }).fill("right");
      await dialog(page).getByRole("button", { name: "Send a test" }).click();
      await dialog(page).getByText("250 2.0.0 queued").waitFor();
      await save(page).click();
      await expect.poll(() => dialog(page).count()).toBe(0);
      expect(await given(page, "save_alert_channel")).toMatchObject({
        secret: "right",
        channel: { kind: { to: ["you@example.org", "them@example.org"] } },
      });
      await page.getByRole("button", { name: "Edit post" }).click();
      expect(await dialog(page).getByLabel("Password", { exact: true }).inputValue()).toBe("");
      await dialog(page).getByText("One is kept.").waitFor();
    });
  });

  test("quiet hours say how they are written", async () => {
    await at("/alerts?tab=rules", {}, async (page) => {
      const hours = page.getByLabel("Quiet hours");
      const form = page.locator("form");
      await hours.fill("at night");
      await form.getByRole("button", { name: "Save" }).click();
      await page.getByText("write it like 22:00-07:00").waitFor();
      await hours.fill("22:00-07:00");
      await form.getByRole("button", { name: "Save" }).click();
      await expect.poll(() => form.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    });
  });

  test("what did not arrive says why, and when it is tried again", async () => {
    await at("/alerts?tab=sent", {}, async (page) => {
      const waiting = page.getByRole("listitem").filter({ hasText: "Waiting" });
      expect(await waiting.innerText()).toMatch(/come back later[^]*Tried 2 times; again/);
      await page.getByText("535 5.7.8 authentication failed").waitFor();
    });
    await at("/alerts?tab=sent", { scenario: "empty" }, (page) =>
      page.getByText("Nothing was sent yet").first().waitFor(),
    );
  });

  test("a quota is set, and shows how much of it is used", async () => {
    await at("/vpses/nyc", {}, async (page) => {
      await page.getByText("6.3 TB", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Set quota" }).click();
      await dialog(page).getByLabel("Terabytes a month").fill("lots");
      expect(await save(page).isDisabled()).toBe(true);
      await dialog(page).getByLabel("Terabytes a month").fill("20");
      await dialog(page).getByLabel("Day on which the month begins").fill("31");
      await dialog(page).getByText("A day from 1 to 28.").waitFor();
      await dialog(page).getByLabel("Day on which the month begins").fill("7");
      await save(page).click();
      await page.getByText("6.3 TB of 20 TB").waitFor();
      expect(await given(page, "set_quota")).toMatchObject({
        quota: { bytes: 20_000_000_000_000, first_day: 7 },
      });
    });
  });
});

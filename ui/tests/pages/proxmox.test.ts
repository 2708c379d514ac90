import { describe, expect, test } from "vitest";
import { button, inBrowser } from "../support/at.ts";

const { at } = inBrowser();

describe("a Proxmox host", () => {
  test("whose sign-in is refused leads back to what was typed, but for the secret", async () => {
    await at("/proxmox", { scenario: "small" }, async (page) => {
      await page.evaluate(() => window.wirewarpMock?.world.broken.add("preview_change"));
      await page.locator("main").getByRole("button", { name: "Sign in" }).first().click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Address of its window").fill("https://192.168.20.5:8006");
      await dialog.getByLabel("Name").fill("cellar");
      await dialog.getByLabel("User").fill("anna@pve");
      await dialog.getByLabel("Password", { exact: true }).fill("wrong");
      await dialog.getByRole("button", { name: "Sign in" }).click();
      await button(page, "Back to the form").click();
      expect(await dialog.getByLabel("Address of its window").inputValue()).toBe("https://192.168.20.5:8006");
      expect(await dialog.getByLabel("Name").inputValue()).toBe("cellar");
      expect(await dialog.getByLabel("User").inputValue()).toBe("anna@pve");
      expect(await dialog.getByLabel("Password", { exact: true }).inputValue()).toBe("");
      await page.evaluate(() => window.wirewarpMock?.world.broken.delete("preview_change"));
      await dialog.getByLabel("Password", { exact: true }).fill("right");
      await dialog.getByRole("button", { name: "Sign in" }).click();
      await button(page, "Save").click();
      await page.getByRole("link", { name: /^cellar/ }).waitFor();
    });
  });

  test("is signed in to, and a guest of it put on the internet and given back", async () => {
    await at("/proxmox", { scenario: "small" }, async (page) => {
      await page.locator("main").getByRole("button", { name: "Sign in" }).first().click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Address of its window").fill("https://192.168.20.5:8006");
      await dialog.getByLabel("Name").fill("cellar");
      await dialog.getByLabel("Password", { exact: true }).fill("secret");
      await dialog.getByRole("button", { name: "Sign in" }).click();
      await button(page, "Save").click();
      await page.getByRole("link", { name: /^cellar/ }).click();

      await page.getByText("minecraft", { exact: true }).click();
      const form = page.getByRole("dialog");
      await form.getByLabel("Ports").fill("25565");
      await form.getByRole("radio", { name: /^Its network card moves/ }).click();
      await form.getByRole("combobox", { name: "Who gives it its address" }).click();
      await page.getByRole("option", { name: /^Its guest agent/ }).click();
      expect(await form.getByLabel("Where is it?").inputValue()).toBe("root@192.168.20.5");
      await form.getByRole("button", { name: "Show the plan" }).click();
      await page.getByText("make the bridge vmww0 on pve1").waitFor();
      await page.getByText("+ net1: virtio=BC:24:11:6A:01:02,bridge=vmww0,firewall=0").waitFor();
      await button(page, "Do this").click();
      await page.getByText(/Done in/).waitFor();
      await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();

      await page.getByText("As it was left").waitFor();
      await button(page, "Detach").first().click();
      await page.getByText("− net1: virtio=BC:24:11:6A:01:02,bridge=vmww0,firewall=0").waitFor();
      await button(page, "Do this").click();
      await page.getByText(/Done in/).waitFor();
      await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
      expect(await page.getByText("As it was left").count()).toBe(0);
    });
  });

  test("shows names as text, what is down, and what was changed by hand", async () => {
    await at("/proxmox/cellar", {}, async (page) => {
      await page.getByText("<b>web</b>").first().waitFor();
      await page.getByText("Not answering: pve2.", { exact: false }).waitFor();
      await page.getByText("net0 is name=eth0,bridge=vmbr0", { exact: false }).waitFor();
      await button(page, "Put right").click();
      await page.getByRole("dialog", { name: "Attach 103 media" }).waitFor();
    });
  });

  test("has room for five hundred guests, found by typing", async () => {
    await at("/proxmox/cellar", { scenario: "large" }, async (page) => {
      await page.getByText("guest-0", { exact: true }).waitFor();
      expect(await page.getByRole("row").count()).toBeLessThan(100);
      await page.getByRole("searchbox", { name: "Search guests" }).fill("guest-499");
      await page.getByText("guest-499", { exact: true }).waitFor();
      expect(await page.getByText("guest-0", { exact: true }).count()).toBe(0);
    });
  });
});

describe("tunnels and bridges of a Proxmox host", () => {
  test("a further guest takes the tunnel that is there, or another public address", async () => {
    await at("/proxmox/cellar", {}, async (page) => {
      await page.getByText("<b>web</b>", { exact: true }).first().click();
      const form = page.getByRole("dialog");
      await form.getByLabel("Ports").fill("25565");
      const through = form.getByRole("combobox", { name: "Through" });
      await through.click();
      await page.getByRole("option", { name: /^Another tunnel/ }).click();
      await form.getByRole("combobox", { name: "VPS", exact: true }).click();
      await page.getByRole("option", { name: "nyc" }).click();
      await form.getByRole("combobox", { name: "Public IP" }).click();
      await page.getByRole("option", { name: /^203\.0\.113\.12/ }).click();
      await form.getByRole("button", { name: "Show the plan" }).click();
      await page.getByText(/make the bridge/).waitFor();
      const asked = await page.evaluate(() =>
        (window.wirewarpMock?.calls ?? []).filter((call) => call.command === "preview_change").at(-1),
      );
      const { guest } = (asked?.args as { change: { guest: { peer: string; new_peer: unknown } } }).change;
      expect(guest.peer).toBe("");
      expect(guest.new_peer).toEqual({ vps: "nyc", ip: "203.0.113.12", login: null });
    });
  });

  test("bridges say what they lead to, and what waits there", async () => {
    await at("/proxmox/cellar?tab=bridges", {}, async (page) => {
      const table = page.getByRole("table", { name: "Bridges" });
      await table.getByRole("row", { name: /^vmbr0 pve1 .*192\.168\.20\.5\/24 enp3s0/ }).waitFor();
      await page.getByText("Somebody has edits of the network of pve1 pending").waitFor();
      await page.getByText("pve2 does not answer").waitFor();
      await button(page, "What is pending").click();
      await page.getByText("+iface vmbr7 inet manual").waitFor();
    });
  });
});

import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { Export } from "../../src/api/generated/types.ts";
import { applied, button, inBrowser } from "../support/at.ts";

const { at } = inBrowser();

describe("a VPS", () => {
  test("has a shell within its page, the same that the terminal page shows", async () => {
    await at("/vpses/nyc?tab=terminal", {}, async (page) => {
      await button(page, "Terminal on nyc").click();
      await page.locator(".xterm-screen").waitFor();
      await page.keyboard.type("whoami\r");
      await page.getByRole("link", { name: "Open in the terminal page" }).click();
      await page.getByRole("region", { name: "Terminal on nyc" }).waitFor();
      const terminals = page.getByRole("list", { name: "Terminals" }).getByRole("listitem");
      await expect.poll(() => terminals.count()).toBe(1);
    });
  });

  test("is renamed, goes back and is removed from its settings", async () => {
    await at("/vpses/nyc?tab=settings", {}, async (page) => {
      await button(page, "Remove nyc").click();
      await page.getByRole("dialog").getByText("only forget it").waitFor();
      await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
      await button(page, "Rename").click();
      await page.getByRole("dialog").getByLabel("Name").fill("new-york");
      await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
      await page.getByRole("heading", { level: 1, name: "new-york" }).waitFor();
      expect(page.url()).toContain("/vpses/new-york?tab=settings");
    });
  });
});

describe("peers", () => {
  test("are filtered by when they were added, and the filter survives a reload", async () => {
    await at("/peers", {}, async (page) => {
      await page.getByLabel("Added").selectOption("in the last month");
      const rows = page.getByRole("grid").getByRole("row");
      await expect.poll(() => rows.count()).toBe(4);
      await page.reload();
      await expect.poll(() => rows.count()).toBe(4);
      await button(page, "Clear filters").click();
      await expect.poll(() => rows.count()).toBe(7);
    });
  });

  test("of thousands, one is found by typing", async () => {
    await at("/forwards?view=table", { scenario: "large" }, async (page) => {
      await page.getByRole("combobox", { name: "Peer All" }).click();
      const find = page.getByRole("combobox", { name: "Find: Peer" });
      await find.fill("cabin-4");
      await page.getByRole("listbox").getByRole("option").first().waitFor();
      await find.press("Enter");
      await page.waitForURL(/peer=cabin-4/);
      await page.getByRole("combobox", { name: /^Peer cabin-4/ }).waitFor();
    });
  });

  test("one is suspended, and that is taken back by a click", async () => {
    await at("/peers/attic", {}, async (page) => {
      await button(page, "More actions").click();
      await page.getByRole("menuitem", { name: "Suspend" }).click();
      await applied(page);
      await button(page, "Undo").click();
      await page.getByRole("heading", { name: "Resume attic" }).waitFor();
      await applied(page);
    });
  });

  test("the MTU of a tunnel is measured, or set within its limits", async () => {
    await at("/peers/attic", {}, async (page) => {
      await button(page, "Change the MTU").click();
      await button(page, "Measure it").click();
      await page.getByText("give the tunnel of attic an MTU of 1412").first().waitFor();
      await applied(page);
      await page.getByText("1412").first().waitFor();
      await button(page, "Change the MTU").click();
      await page.getByRole("radio", { name: /^Set it/ }).click();
      await page.getByLabel("Bytes").fill("90");
      await page.getByText("A whole number from 1280 to 9000.").waitFor();
      expect(await button(page, "Set it").isDisabled()).toBe(true);
      await page.getByLabel("Bytes").fill("1280");
      await button(page, "Set it").click();
      await page.getByText("an MTU of 1280").first().waitFor();
    });
    await at("/peers/phone", {}, async (page) => {
      await button(page, "Change the MTU").click();
      expect(await page.getByRole("radio", { name: /^Measure it/ }).isDisabled()).toBe(true);
    });
  });
});

describe("a machine's own traffic", () => {
  const line = (page: Page) => page.getByRole("definition").filter({ hasText: "Change" });

  test("is sent through the tunnel, all or to listed networks, and that is taken back", async () => {
    await at("/peers/attic", {}, async (page) => {
      await line(page).filter({ hasText: "by the home line" }).waitFor();
      await button(page, "Change how its own traffic goes").click();
      const dialog = page.getByRole("dialog");
      expect(await button(page, "See the plan").isDisabled()).toBe(true);
      await dialog.getByRole("radio", { name: /^All through the tunnel/ }).click();
      await dialog.getByText("While the tunnel is down nothing else leaves").waitFor();
      await button(page, "See the plan").click();
      await page.getByText("send everything through ww0").waitFor();
      await applied(page);
      await line(page).filter({ hasText: "all through the tunnel" }).waitFor();
      await button(page, "Undo").click();
      await page.getByText("send replies through ww0").waitFor();
      await applied(page);
      await line(page).filter({ hasText: "by the home line" }).waitFor();

      await button(page, "Change how its own traffic goes").click();
      await dialog.getByRole("radio", { name: /^To some networks/ }).click();
      await dialog.getByLabel("Networks").fill("198.51.100.0/24 example.org");
      await dialog.getByText("“example.org” is not a network such as 198.51.100.0/24.").waitFor();
      expect(await button(page, "See the plan").isDisabled()).toBe(true);
      await dialog.getByLabel("Networks").fill("198.51.100.0/24 192.0.2.7");
      await button(page, "See the plan").click();
      await page.getByText("send 198.51.100.0/24,192.0.2.7 through ww0").waitFor();
      await applied(page);
      await line(page).filter({ hasText: "through the tunnel to 198.51.100.0/24, 192.0.2.7" }).waitFor();
    });
  });

  test("is chosen where a peer is added, and not for a device that is set up by hand", async () => {
    await at("/peers/add", {}, async (page) => {
      await page.getByLabel("Name").fill("cellar");
      await page.getByLabel("Where is it?").fill("root@192.168.20.44");
      await button(page, "Continue").click();
      await button(page, "VM network, bridge, MTU, its own traffic").click();
      await page.getByRole("radio", { name: /^To some networks/ }).click();
      expect(await button(page, "See the plan").isDisabled()).toBe(true);
      await page.getByLabel("Networks").fill("192.0.2.7");
      await button(page, "See the plan").click();
      await page.getByText("let peer cellar in").waitFor();
      const sent = await page.evaluate(
        () => window.wirewarpMock?.calls.findLast((call) => call.command === "preview_change")?.args,
      );
      expect(sent).toMatchObject({ change: { change: "peer_add", name: "cellar", route: "192.0.2.7" } });
    });
    await at("/peers/phone", {}, async (page) => {
      await button(page, "Change the MTU").waitFor();
      expect(await button(page, "Change how its own traffic goes").count()).toBe(0);
    });
  });
});

describe("CSV", () => {
  const asked = (page: Page) =>
    page.evaluate(() => {
      const { calls = [], world } = window.wirewarpMock ?? {};
      const { what } = calls.findLast((call) => call.command === "export_csv")?.args as { what: Export };
      const names = new Map(world?.peers.map((peer) => [peer.id, peer.name]));
      const labels = new Map(world?.forwards.map((forward) => [forward.id, forward.label]));
      if (what.table === "activity") return { ...what, filter: { ...what.filter, from: null } };
      return { ...what, only: what.only?.map((id) => names.get(id) ?? labels.get(id)) ?? null };
    });
  const said = (page: Page) => page.getByRole("region", { name: "Messages" }).getByText(/\.csv/);

  test("of a table has what its filters leave, and all of it where there is none", async () => {
    await at("/peers", {}, async (page) => {
      await button(page, "Export CSV").click();
      await said(page).waitFor();
      expect(await asked(page)).toEqual({ table: "peers", only: null });
      await page.getByRole("searchbox").fill("attic");
      await button(page, "Export these as CSV").click();
      await expect.poll(() => asked(page)).toEqual({ table: "peers", only: ["attic", "attic-fra"] });
    });
    await at("/forwards?view=table&peer=garage", {}, async (page) => {
      await button(page, "More actions").click();
      await page.getByRole("menuitem", { name: "Export these as CSV" }).click();
      await said(page).waitFor();
      expect(await asked(page)).toEqual({ table: "forwards", only: ["palworld", "build agents"] });
    });
    await at("/activity?q=nyc&failed=true", {}, async (page) => {
      await button(page, "Export these as CSV").click();
      await said(page).waitFor();
      const filter = { text: "nyc", kind: null, failed: true, from: null, until: null };
      expect(await asked(page)).toEqual({ table: "activity", filter });
    });
  });
});

describe("forwards", () => {
  test("a port that a program of the VPS serves as well is marked, with by whom", async () => {
    await at("/forwards", {}, async (page) => {
      await page.evaluate(() => {
        const { world, say } = window.wirewarpMock ?? {};
        const forward = world?.forwards.find((one) => one.label === "jellyfin")?.id;
        const nyc = world?.live.find((one) => one.name === "nyc");
        const why = "8096/tcp on 203.0.113.11 is served by jellyfin on VPS nyc";
        say?.("status", { ...nyc, conflicts: [{ forward, why }] });
      });
      const front = page.getByRole("article", { name: "203.0.113.11" });
      const port = front.getByRole("button", { name: "8096 conflict tcp jellyfin" });
      expect(await port.getAttribute("title")).toContain("served by jellyfin on VPS nyc");
      await button(page, "jellyfin conflict").click();
      await page
        .getByRole("dialog")
        .getByText("reaches your machine at home, and not that program")
        .waitFor();
    });
  });

  test("a free port of a public IP is opened from its card", async () => {
    await at("/forwards", {}, async (page) => {
      await button(page, "Open a port on 203.0.113.11").click();
      const drawer = page.getByRole("dialog");
      await drawer.getByText("On 203.0.113.11, for a machine of a peer that has it.").waitFor();
      expect(await drawer.getByLabel("Peer", { exact: true }).innerText()).toContain("basement-rack");
      await drawer.getByLabel("Ports").fill("9000");
      await drawer.getByText("203.0.113.11:9000").waitFor();
    });
  });

  test("the DNS name of a public IP is checked where it is given to friends", async () => {
    await at("/forwards?view=table", {}, async (page) => {
      await page.getByRole("grid").getByText("survival", { exact: true }).first().click();
      const share = page.getByRole("region", { name: "To give to friends" });
      await share.getByText("play.example.org:25565").waitFor();
      await share.getByRole("status").filter({ hasText: "play.example.org" }).waitFor();
    });
  });

  test("one that is switched off is switched on again by a click", async () => {
    await at("/forwards?view=table", {}, async (page) => {
      await page.getByRole("grid").getByText("jellyfin").first().click();
      await button(page, "Switch off").click();
      await applied(page);
      await button(page, "Undo").click();
      await page.getByRole("heading", { name: "Switch jellyfin on" }).waitFor();
    });
  });
});

describe("help", () => {
  test("a link leads to one answer, open and in view", async () => {
    await at("/help?q=conflict", {}, async (page) => {
      const answer = page.locator("details[open]");
      expect(await answer.count()).toBe(1);
      await answer.getByText("A port of a public address can lead to one machine only.").waitFor();
    });
  });

  test("stands beside what is hard, and does not lose what was typed", async () => {
    await at("/forwards?open=new", {}, async (page) => {
      await page.getByLabel("Peer", { exact: true }).last().click();
      await page.getByRole("option", { name: /^attic( 203|$)/ }).click();
      await page.getByLabel("Ports").fill("25565");
      await page.getByRole("link", { name: "Why is a port taken?" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Keep editing" }).click();
      expect(await page.getByLabel("Ports").inputValue()).toBe("25565");
      await page.getByRole("link", { name: "Why is a port taken?" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Discard" }).click();
      await page.waitForURL(/\/help\?q=conflict/);
    });
  });
});

test("a reinstalled host waits for an apply on its own page and among what is pending", async () => {
  await at("/vpses/nyc", {}, async (page) => {
    await page.evaluate(() => {
      const handle = window.wirewarpMock;
      const nyc = handle?.world.live.find((one) => one.name === "nyc");
      if (!handle || !nyc) throw new Error("nyc is not there");
      nyc.health = "unreachable";
      nyc.error = { code: "host_key_changed", message: "nyc has another key than before.", hints: [] };
      handle.say("status", nyc);
    });
    await page.getByText("2 hosts not applied").waitFor();
    await button(page, "I reinstalled it: compare the new key").click();
    await page.getByText("changes waiting").first().waitFor();
    await page.getByText("3 hosts not applied").click();
    const row = page.getByRole("listitem").filter({ hasText: "what was applied is not there any more" });
    expect(await row.innerText()).toContain("nyc");
  });
});

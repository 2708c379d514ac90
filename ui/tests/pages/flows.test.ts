import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { button, inBrowser } from "../support/at.ts";

const { at } = inBrowser();

test("from nothing to an open port: VPS, peer, forward, each planned, applied and told what is next", async () => {
  await at("/", { scenario: "empty" }, async (page) => {
    await page.getByRole("link", { name: "Add a VPS" }).click();
    await page.getByLabel("Where is it?").fill("root@203.0.113.77");
    await page.getByText("user root · host 203.0.113.77").waitFor();
    await button(page, "Test connection").click();
    expect(await page.getByRole("dialog").innerText()).toContain("SHA256:");
    await button(page, /trust it/).click();
    await page.getByText("Debian GNU/Linux 13 (trixie)").waitFor();
    await page.getByLabel("Name").fill("nyc");
    await button(page, "See the plan").click();
    await page.getByText("This sets WireGuard up on nyc:").waitFor();
    await button(page, "Set up nyc").click();
    await page.getByText(/Done in .*nyc is as planned/).waitFor();
    await page.getByRole("link", { name: "Next: connect your home" }).click();

    await page.getByLabel("Name").fill("attic");
    await page.getByLabel("Where is it?").fill("root@192.168.20.10");
    await button(page, "Continue").click();
    await button(page, "See the plan").click();
    await button(page, "Set up attic").click();
    await page.getByText("Give the machines at home these addresses:").waitFor();
    await page.getByRole("link", { name: "Next: open a port" }).click();

    await page.getByLabel("Ports").fill("25565");
    await page.getByText("203.0.113.77:25565 → 10.99.1.2").waitFor();
    await button(page, "Plan it").click();
    await button(page, /^Apply on 2 hosts$/).click();
    await page.getByText(/Done in/).waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await button(page, /25565 tcp/)
      .first()
      .waitFor();
  });
});

describe("the picture of forwards", () => {
  const fronts = (page: Page) => page.getByRole("region", { name: "Public IPs" });

  test("a machine is dragged to its public IP, and a taken port is named while it is typed", async () => {
    await at("/forwards", { height: 1000 }, async (page) => {
      const from = await button(page, "Pick 10.99.1.2, attic for a forward").boundingBox();
      const to = await fronts(page).getByRole("article", { name: "203.0.113.10" }).boundingBox();
      if (!from || !to) throw new Error("the picture is not there");
      await page.mouse.move(from.x + 10, from.y + 10);
      await page.mouse.down();
      await page.mouse.move(from.x - 80, from.y, { steps: 4 });
      await page.mouse.move(to.x + 60, to.y + 20, { steps: 6 });
      await page.mouse.up();
      await page.getByLabel("Ports").fill("25565");
      await page.getByText("25565/tcp on 203.0.113.10 is “survival” on peer attic").waitFor();
      expect(await button(page, "Plan it").isDisabled()).toBe(true);
      await page.getByLabel("Ports").fill("25566");
      await page.getByText("203.0.113.10:25566 → 10.99.1.2").waitFor();
      await button(page, "Plan it").click();
      await page
        .getByText(/forward 25566 tcp on 203.0.113.10/)
        .first()
        .waitFor();
    });
  });

  test("the keyboard picks one side and then the other", async () => {
    await at("/forwards", {}, async (page) => {
      await button(page, "Pick 203.0.113.11 for a forward").focus();
      await page.keyboard.press("Enter");
      await page.getByText("203.0.113.11 is picked. Now a machine; Escape lets go.").waitFor();
      await button(page, "Pick 10.99.2.2, basement-rack for a forward").focus();
      await page.keyboard.press("Enter");
      await page.getByLabel("Ports").waitFor();
      expect(await page.getByLabel("Ports").evaluate((input) => input === document.activeElement)).toBe(true);
      await page.keyboard.press("Escape");
      await page.getByLabel("Ports").waitFor({ state: "detached" });
    });
  });

  test("Escape lets go of what was picked", async () => {
    await at("/forwards", {}, async (page) => {
      const handle = button(page, "Pick 203.0.113.11 for a forward");
      await handle.click();
      expect(await handle.getAttribute("aria-pressed")).toBe("true");
      await page.keyboard.press("Escape");
      expect(await handle.getAttribute("aria-pressed")).toBe("false");
    });
  });

  test("a machine on another public IP is told that its peer would have to move", async () => {
    await at("/forwards", {}, async (page) => {
      await button(page, "Pick 203.0.113.11 for a forward").click();
      await button(page, "Pick 10.99.1.2, attic for a forward").click();
      await page.getByText("attic has 203.0.113.10, not 203.0.113.11.").waitFor();
      await button(page, "Move attic").click();
      await page.getByRole("heading", { name: "Move attic to 203.0.113.11" }).waitFor();
    });
  });
});

describe("plans and jobs", () => {
  test("a job goes on when its page is left, and its end is told", async () => {
    await at("/forwards?view=table", { pace: 80 }, async (page) => {
      await page.getByRole("checkbox", { name: "Select jellyfin" }).click();
      await button(page, "Switch off").click();
      await button(page, /^Apply on/).click();
      await button(page, "Close; it goes on").click();
      await page.getByRole("link", { name: "Peers" }).click();
      await page.getByRole("region", { name: "Messages" }).getByText(/done/).waitFor();
    });
  });

  test("a failed apply says which step failed with its output, and is tried again", async () => {
    await at("/peers/attic", {}, async (page) => {
      await page.evaluate(() => {
        if (window.wirewarpMock) window.wirewarpMock.world.failing = "load it";
      });
      await button(page, "More actions").click();
      await page.getByRole("menuitem", { name: "Suspend" }).click();
      await button(page, /^Apply on/).click();
      await page.getByText("nft: rules.nft:44:18-31: Error: conflicting intervals specified").waitFor();
      expect(await page.getByRole("dialog").getByRole("alert").innerText()).toContain(
        "nothing on it was changed",
      );
      await button(page, "Try again").click();
      await page.getByText(/Done in/).waitFor();
    });
  });

  test("what is kept for later is counted at the top and applied from there", async () => {
    await at("/forwards?view=table", {}, async (page) => {
      await page.getByRole("checkbox", { name: "Select survival", exact: true }).click();
      await button(page, "Switch off").click();
      await button(page, "Apply later").click();
      await page.getByRole("link", { name: "4 hosts not applied" }).click();
      await button(page, /^Apply on/).click();
      await page.getByText(/Done in/).waitFor();
    });
  });

  test("a removed forward can be opened again", async () => {
    await at("/forwards?view=table", {}, async (page) => {
      await page.getByRole("grid").getByText("jellyfin").first().click();
      await button(page, "Remove forward").click();
      await button(page, /^Apply on/).click();
      await page.getByText(/Done in/).waitFor();
      await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
      await button(page, "Open it again").click();
      await page.getByRole("heading", { name: "Open jellyfin again" }).waitFor();
    });
  });

  test("drift is shown from three sides and repaired", async () => {
    await at("/hosts/fra/drift", {}, async (page) => {
      for (const side of ["Desired by the inventory", "Applied last", "On the host now"])
        await page.getByRole("heading", { name: side }).first().waitFor();
      await button(page, "Repair fra").click();
      await button(page, /^Apply on/).click();
      await page.getByText(/Done in/).waitFor();
    });
  });
});

test("what was typed is not lost without a question", async () => {
  await at("/forwards?open=new", {}, async (page) => {
    await page.getByLabel("Ports").fill("4000");
    await page.keyboard.press("Escape");
    await page.getByRole("alertdialog").getByRole("button", { name: "Keep editing" }).click();
    expect(await page.getByLabel("Ports").inputValue()).toBe("4000");
  });
  await at("/vpses/add", {}, async (page) => {
    await page.getByLabel("Where is it?").fill("root@198.51.100.1");
    await page.getByRole("link", { name: "Peers" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    expect(await page.getByLabel("Where is it?").inputValue()).toBe("root@198.51.100.1");
  });
});

test("a refused log-in says why at the form", async () => {
  await at("/vpses/add", {}, async (page) => {
    await page.getByLabel("Where is it?").fill("root@198.51.100.1");
    await page.getByRole("radio", { name: "Password" }).click();
    await page.getByLabel("Password", { exact: true }).fill("wrong");
    await button(page, "Test connection").click();
    await button(page, /trust it/).click();
    expect(await page.getByRole("alert").innerText()).toContain("did not accept the password");
  });
});

test("the palette finds a page, an object and an action by the keyboard alone", async () => {
  await at("/", {}, async (page) => {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("garage");
    await page.getByRole("option", { name: /^garage/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "garage", level: 1 }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("v");
    await page.getByRole("heading", { name: "VPSes", level: 1 }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("sgp");
    await page.waitForFunction(
      () => document.querySelector("[role=grid]")?.getAttribute("aria-rowcount") === "2",
    );
  });
});

test("a table is read and used by the keyboard", async () => {
  await at("/peers", {}, async (page) => {
    await page.locator("[role=row][data-index='0']").focus();
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(() => document.activeElement?.getAttribute("data-index") === "1");
    await page.keyboard.press("Space");
    await page.getByText("1 selected").waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "attic-fra", level: 1 }).waitFor();
  });
});

test("German is whole, and stays after a reload", async () => {
  await at("/settings", {}, async (page) => {
    await page.getByRole("radio", { name: "Deutsch" }).click();
    await page.getByRole("heading", { name: "Einstellungen" }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("de");
    await page.getByRole("link", { name: "Portfreigaben" }).click();
    await page.getByRole("heading", { name: "Portfreigaben" }).waitFor();
  });
});

test("rows are lower when the settings say compact", async () => {
  await at("/settings", {}, async (page) => {
    await page.getByRole("radio", { name: "Compact" }).click();
    await page.getByRole("link", { name: "Peers" }).click();
    await page.waitForFunction(
      () => document.querySelector("[role=row][data-index='0']")?.getBoundingClientRect().height === 28,
    );
  });
});

test("who types before the palette stands loses no letter, and goes nowhere else", async () => {
  await at("/", {}, async (page) => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("garage");
    await page.getByRole("option", { name: "Suspend garage" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("suspend lab");
    await page.getByRole("option", { name: "Resume lab" }).waitFor();
  });
});

test("the first start ends in a proof, and is over then", async () => {
  await at("/", { scenario: "small" }, async (page) => {
    await button(page, "See it proved").click();
    await page.getByText(/Checked in/).waitFor();
    await page.getByRole("link", { name: "Dashboard" }).click();
    await page.getByRole("heading", { name: "Your wires" }).waitFor();
    await expect.poll(() => button(page, "See it proved").count()).toBe(0);
    expect(await page.evaluate(() => window.wirewarpMock?.world.settings.welcomed)).toBe(true);
  });
});

test("a secret that is chosen is typed twice", async () => {
  await at("/", {}, async (page) => {
    await page.evaluate(() => {
      const ask = { ask: "secret", prompt: "Choose a passphrase", refused: null, is_new: true } as const;
      const question = { id: "chosen", at: Date.now(), ask };
      window.wirewarpMock?.world.questions.push(question);
      window.wirewarpMock?.say("question", question);
    });
    const dialog = page.getByRole("dialog");
    const next = dialog.getByRole("button", { name: "Continue" });
    await dialog.getByLabel("Choose a passphrase").fill("correct horse");
    expect(await next.isDisabled()).toBe(true);
    await dialog.getByLabel("The same again").fill("correct hearse");
    await dialog.getByText("The two are not the same.").waitFor();
    await page.keyboard.press("Enter");
    expect(await next.isDisabled()).toBe(true);
    await dialog.getByLabel("The same again").fill("correct horse");
    await next.click();
    await expect.poll(() => dialog.count()).toBe(0);
  });
});

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { context, launch, open, settled } from "../support/browser.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

async function terminal(run: (page: Page) => Promise<void>): Promise<void> {
  const within = await context(browser, {});
  const page = await open(within, "/terminal?host=nyc", {});
  await settled(page);
  await page.locator(".xterm-rows").getByText("root@nyc").first().waitFor();
  await run(page);
  await within.close();
}

const written = (page: Page) =>
  page.evaluate(() =>
    (window.wirewarpMock?.calls ?? [])
      .filter((call) => call.command === "terminal_write")
      .map((call) => (call.args as { text: string }).text)
      .join(""),
  );

test("a burst of keys arrives in its order", async () => {
  await terminal(async (page) => {
    const text = Array.from({ length: 300 }, (_, n) => String.fromCharCode(97 + (n % 26))).join("");
    await page.keyboard.type(text);
    await expect.poll(() => written(page)).toBe(text);
  });
});

test("a flood neither freezes the page nor runs ahead of it, and Ctrl-C ends it", async () => {
  await terminal(async (page) => {
    await page.keyboard.type("yes\r");
    const acked = () =>
      page.evaluate(() =>
        (window.wirewarpMock?.calls ?? [])
          .filter((call) => call.command === "terminal_ack")
          .reduce((sum, call) => sum + (call.args as { bytes: number }).bytes, 0),
      );
    // More than may be under way unread: what was shown was told, and more came.
    await expect.poll(acked, { timeout: 20_000 }).toBeGreaterThan(256 * 1024);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
    await page.keyboard.press("Control+c");
    await expect.poll(() => page.locator(".xterm-rows").innerText(), { timeout: 5000 }).toContain("^C");
    const more = async () => {
      const told = await acked();
      await page.waitForTimeout(300);
      return (await acked()) - told;
    };
    await expect.poll(more).toBe(0);
  });
});

test("several lines are pasted only after a question, one line at once", async () => {
  await terminal(async (page) => {
    const paste = (text: string) =>
      page.evaluate((data) => {
        const clipboard = new DataTransfer();
        clipboard.setData("text/plain", data);
        document.activeElement?.dispatchEvent(
          new ClipboardEvent("paste", { clipboardData: clipboard, bubbles: true, cancelable: true }),
        );
      }, text);
    await paste("echo one");
    await expect.poll(() => written(page)).toBe("echo one");
    await paste("rm -r a\nrm -r b\n");
    await page.getByRole("heading", { name: "Paste 2 lines into nyc?" }).waitFor();
    expect(await written(page)).toBe("echo one");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.waitForTimeout(50);
    expect(await written(page)).toBe("echo one");
    await page.locator(".xterm").click();
    await paste("rm -r a\nrm -r b\n");
    await page.getByRole("button", { name: "Paste 2 lines" }).click();
    await expect.poll(() => written(page)).toContain("rm -r a\rrm -r b");
  });
});

test("a link opens only with the modifier and after a question", async () => {
  await terminal(async (page) => {
    await page.keyboard.type("link\r");
    const line = page.locator(".xterm-rows > div", { hasText: "https://www.wireguard.com" });
    await line.waitFor();
    const box = await line.boundingBox();
    if (!box) throw new Error("the line is not there");
    const spot = { x: box.x + 60, y: box.y + box.height / 2 };
    await page.mouse.move(spot.x, spot.y);
    await page.mouse.click(spot.x, spot.y);
    await page.waitForTimeout(100);
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.keyboard.down("Control");
    await page.mouse.click(spot.x, spot.y);
    await page.keyboard.up("Control");
    await page.getByRole("button", { name: "Open address" }).click();
    const opened = await page.evaluate(() =>
      window.wirewarpMock?.calls.filter((call) => call.command === "open_link").map((call) => call.args),
    );
    expect(opened).toEqual([{ url: "https://www.wireguard.com/quickstart/" }]);
  });
});

test("the host cannot write to the clipboard", async () => {
  await terminal(async (page) => {
    await page.evaluate(() => navigator.clipboard.writeText("before"));
    await page.keyboard.type("clipboard\r");
    await page.waitForTimeout(200);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("before");
  });
});

test("a terminal goes on when its page is left, splits, is searched, and is opened again after its end", async () => {
  await terminal(async (page) => {
    await page.keyboard.type("wg show\r");
    await page.locator(".xterm-rows").getByText("latest handshake").waitFor();
    await page.getByRole("link", { name: "Peers" }).click();
    await page.getByRole("heading", { name: "Peers", level: 1 }).waitFor();
    await page.getByRole("link", { name: "Terminal" }).click();
    await page.locator(".xterm-rows").getByText("latest handshake").waitFor();
    await page.getByRole("button", { name: "Split to the right" }).click();
    await expect.poll(() => page.locator(".xterm").count()).toBe(2);
    await page.keyboard.press("Control+Shift+F");
    await page
      .getByRole("searchbox", { name: "Search in this terminal" })
      .or(page.getByRole("textbox", { name: "Search in this terminal" }))
      .first()
      .fill("nothing like it");
    await page.keyboard.press("Escape");
    await page.keyboard.type("exit\r");
    await page.getByText("The shell ended with status 0.").waitFor();
    await page.getByRole("button", { name: "Connect again" }).click();
    await page.getByText("The shell ended with status 0.").waitFor({ state: "detached" });
  });
});

test("a tab is split both ways, up to four, its panes are reached by keys, and what closes leaves its place", async () => {
  await terminal(async (page) => {
    const boxes = () =>
      page
        .getByRole("region", { name: "Terminal on nyc" })
        .evaluateAll((panes) =>
          panes.map((pane) => pane.getBoundingClientRect()).map(({ x, y }) => [Math.round(x), Math.round(y)]),
        );
    const right = page.getByRole("button", { name: "Split to the right" });
    const down = page.getByRole("button", { name: "Split downwards" });
    await page.keyboard.type("first");
    await right.click();
    await down.click();
    await expect.poll(async () => (await boxes()).length).toBe(3);
    const [a, b, c] = (await boxes()) as [number[], number[], number[]];
    expect(b[0]).toBeGreaterThan(a[0] ?? 0);
    expect(b[1]).toBe(a[1]);
    expect(c[0]).toBe(b[0]);
    expect(c[1]).toBeGreaterThan(b[1] ?? 0);

    await page.keyboard.press("Control+Shift+ArrowLeft");
    await page.keyboard.type(" again");
    await expect.poll(() => page.locator(".xterm-rows").first().innerText()).toContain("first again");
    await down.click();
    await expect.poll(async () => (await boxes()).length).toBe(4);
    expect(await right.isDisabled()).toBe(true);
    await page.keyboard.press("Control+Shift+W");
    await expect.poll(async () => (await boxes()).length).toBe(3);
    expect(await boxes()).toEqual([a, b, c]);
    await page.keyboard.type(", and after");
    await expect
      .poll(() => page.locator(".xterm-rows").first().innerText())
      .toContain("first again, and after");
  });
});

test("letters grow by keys, and colours follow the window and the settings", async () => {
  await terminal(async (page) => {
    const height = () =>
      page
        .locator(".xterm-rows > div")
        .first()
        .evaluate((row) => row.getBoundingClientRect().height);
    const before = await height();
    for (let n = 0; n < 4; n += 1) await page.keyboard.press("Control+=");
    await expect.poll(height).toBeGreaterThan(before);
    const colour = () =>
      page
        .locator(".xterm")
        .evaluate((screen) => getComputedStyle(screen.parentElement ?? screen).backgroundColor);
    expect(await colour()).toBe("rgb(11, 14, 18)");
    await page.getByRole("button", { name: "Switch to light colours" }).click();
    await expect.poll(colour).toBe("rgb(255, 255, 255)");
  });
});

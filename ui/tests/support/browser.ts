import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { inject } from "vitest";

export type Theme = "dark" | "light";

export interface Look {
  theme?: Theme;
  /** Of the stand-in: `rich`, `empty`, `large` ... */
  scenario?: string;
  width?: number;
  height?: number;
  language?: string;
  /** Milliseconds of a step of a job. */
  pace?: number;
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--font-render-hinting=none"],
  });
}

export async function context(browser: Browser, look: Look = {}): Promise<BrowserContext> {
  const { theme = "dark", width = 1280, height = 800, language = "en" } = look;
  const made = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    locale: language,
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  return made;
}

/** Opens a page of the window over the stand-in, and waits until it stands. */
export async function open(within: BrowserContext, path: string, look: Look = {}): Promise<Page> {
  const page = await within.newPage();
  const address = new URL(path, inject("pages"));
  address.searchParams.set("mock", look.scenario ?? "rich");
  address.searchParams.set("pace", String(look.pace ?? 20));
  await page.goto(address.href);
  await page.locator("main").waitFor();
  await page.evaluate(() => document.fonts.ready);
  return page;
}

/** Until nothing is being fetched any more and the page has been painted. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelectorAll("main .skeleton").length === 0);
  await page.waitForTimeout(120);
}

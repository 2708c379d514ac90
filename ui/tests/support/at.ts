import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { context, launch, open, settled, type Look } from "./browser.ts";

/** A browser for the tests of a file: `fresh` windows in it, and `at`, which runs something on a page and closes it. */
export function inBrowser() {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  const fresh = (look: Look = {}) => context(browser, look);
  const at = async <T>(path: string, look: Look, run: (page: Page) => Promise<T>): Promise<T> => {
    const within = await fresh(look);
    try {
      const page = await open(within, path, look);
      if (look.scenario !== "slow") await settled(page);
      return await run(page);
    } finally {
      await within.close();
    }
  };
  return { at, fresh };
}

export const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

/** Applies the plan that is shown, and closes its dialog. */
export async function applied(page: Page): Promise<void> {
  await button(page, /^Apply on/).click();
  await page.getByText(/Done in/).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
}

import type { Browser, Page } from "playwright-core";
import { context, open, settled, type Look } from "./browser.ts";

/** Runs something on a page of its own, and closes that again. */
export async function at<T>(
  browser: Browser,
  path: string,
  look: Look,
  run: (page: Page) => Promise<T>,
): Promise<T> {
  const within = await context(browser, look);
  try {
    const page = await open(within, path, look);
    await settled(page);
    return await run(page);
  } finally {
    await within.close();
  }
}

export const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

/** Applies the plan that is shown, and closes its dialog. */
export async function applied(page: Page): Promise<void> {
  await button(page, /^Apply on/).click();
  await page.getByText(/Done in/).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
}

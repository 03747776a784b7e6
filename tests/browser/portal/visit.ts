import type { Browser, Locator, Page } from "playwright-core";
import { runningStack } from "../../support/stack.ts";
import { type WatchedPage, watchedPage } from "../watched_page.ts";

/** Where the portal is. */
export const portalUrl = `${runningStack().url}/functions/v1/portal/`;

/** Opens the portal and signs in as one of the seed's people. */
export async function visitAs(
  browser: Browser,
  who: string,
  address = portalUrl,
): Promise<WatchedPage> {
  const visit = await watchedPage(browser);
  visit.page.setDefaultTimeout(45_000); // a busy machine is slow, not wrong
  await visit.page.setViewportSize({ width: 1280, height: 860 });
  await visit.page.goto(address);
  await signInOn(visit.page, who);
  await visit.page.getByRole("heading", { name: "Stream", level: 1 }).waitFor();
  return visit;
}

export async function signInOn(page: Page, who: string): Promise<void> {
  await page.getByLabel("E-mail").fill(`${who}@example.com`);
  await page.getByLabel("Password").fill("event-sourcing");
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Goes to a screen by its address, as a shared link does. */
export async function open(page: Page, link: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(`#/${link}`)}`);
}

/** One of the facts of a definition list by its name. */
export function fact(page: Page, name: string) {
  return page.locator(`dt:text-is("${name}") + dd`);
}

/** Runs `act` at the width of a phone and returns to that of a desk. */
export async function onPhone(page: Page, act: () => Promise<void>): Promise<void> {
  await page.setViewportSize({ width: 390, height: 844 });
  await act();
  await page.setViewportSize({ width: 1280, height: 860 });
}

/** Whether an element begins in the window and is not cut at its sides. */
export async function inSight(of: Locator): Promise<boolean> {
  const box = await of.boundingBox();
  const window = of.page().viewportSize();
  return box !== null && window !== null && box.x >= 0 && box.x + box.width <= window.width &&
    box.y >= 0 && box.y < window.height;
}

/** Whether the page is wider than the window, or a table than its place. */
export async function overflows(page: Page): Promise<boolean> {
  return await page.evaluate(
    "[...document.querySelectorAll('html, main, main .scroll')]" +
      ".some((one) => one && one.scrollWidth > one.clientWidth + 1)",
  );
}

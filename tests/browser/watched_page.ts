import type { Browser, Page } from "playwright-core";

/** A page, with what it did that a visitor would not notice. */
export interface WatchedPage extends AsyncDisposable {
  page: Page;
  /** Errors and uncaught exceptions on its console. */
  errors: string[];
  /** The origins it asked, `data:` and `blob:` aside. */
  origins: Set<string>;
}

/** Opens a page of its own; `await using` closes it. */
export async function watchedPage(browser: Browser): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: 1300, height: 900 },
    locale: "en-US", // that of a machine may be none
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const errors: string[] = [];
  const origins = new Set<string>();
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("request", (request) => {
    const { origin } = new URL(request.url());
    if (origin !== "null" && !request.url().startsWith("blob:")) origins.add(origin);
  });
  return { page, errors, origins, [Symbol.asyncDispose]: () => context.close() };
}

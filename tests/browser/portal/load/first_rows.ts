import type { Browser, BrowserContext } from "playwright-core";
import { median } from "../../../bench/statistics.ts";
import { eventually } from "../../../support/eventually.ts";
import { portalUrl } from "../visit.ts";
import type { Measure } from "./measure.ts";

const visits = 5;

/** From navigation to the first rows, by somebody signed in whose browser has nothing stored of the portal. */
export async function measureFirstRows(
  browser: Browser,
  signedIn: Awaited<ReturnType<BrowserContext["storageState"]>>,
): Promise<Measure[]> {
  const times: number[] = [];
  for (let visit = 0; visit < visits; visit++) {
    const context = await browser.newContext({
      storageState: signedIn,
      viewport: { width: 1280, height: 860 },
    });
    const page = await context.newPage();
    await page.addInitScript(noteFirstRows);
    await page.goto(portalUrl);
    times.push(
      await eventually<number | false>(() => page.evaluate("globalThis.firstRows ?? false")),
    );
    await context.close();
  }
  return [{
    what: `navigation to first rows, empty cache, median of ${visits} ` +
      `(${times.map((one) => Math.round(one)).join(", ")})`,
    value: median(times),
    unit: " ms",
    atMost: 1_500,
  }];
}

/** The clock of the page starts with the navigation. Rows count when a frame with them has been drawn. */
const noteFirstRows = `(function look() {
  requestAnimationFrame((drawn) => {
    if (!document.querySelector(".events-body [role=row] a")) return look();
    requestAnimationFrame(() => globalThis.firstRows = performance.now());
  });
})()`;

import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { repository } from "../../../supabase/local/repository.ts";

const source = await Deno.readTextFile(`${repository}/node_modules/axe-core/axe.min.js`);
/** In dark only the colours are others. */
const RULES = {
  light: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  dark: ["color-contrast"],
};

interface Violation {
  id: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** Fails when axe finds the page wanting, in light or in dark. */
export async function assertAccessible(page: Page): Promise<void> {
  const there: boolean = await page.evaluate("globalThis.axe !== undefined");
  if (!there) await page.evaluate(`(() => { ${source} })()`);
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const found: Violation[] = await page.evaluate(
      `axe.run({ runOnly: ${JSON.stringify(RULES[colorScheme])}, resultTypes: ["violations"] })
        .then(({ violations }) => violations)`,
    );
    const faults = found.map(({ id, nodes }) =>
      `${colorScheme} ${id}: ${nodes.map((n) => `${n.target} ${n.failureSummary}`).join("; ")}`
    );
    assertEquals(faults, [], `${page.url()} at ${page.viewportSize()?.width}`);
  }
}

/** Five worked categories: what comes out is what the text beside each file works out by hand. */
import { assertEquals } from "@std/assert";
import { analyse } from "../../../shared/pricing/analysis.ts";
import { type CategoryFile, readCategory } from "./category_file.ts";

const golden = new URL("golden/", import.meta.url);

for (const name of ["pumps", "shoes", "coffee", "cables", "lamps"]) {
  Deno.test(`the prices of ${name} are those worked out in golden/${name}.txt`, async () => {
    const file: { category: CategoryFile; expected: unknown[] } = JSON.parse(
      await Deno.readTextFile(new URL(`${name}.json`, golden)),
    );
    const { products, rules, today } = readCategory(file.category);
    const lines = analyse(products, rules, today).map((line) => ({
      sku: line.sku,
      verdict: line.verdict,
      new_price: line.new_price,
      floor: line.floor,
      competitor_median: line.competitor_median,
      elasticity: line.elasticity,
      confidence: line.confidence,
      expected_effect: line.expected_effect && { ...line.expected_effect },
      trace: line.trace.map(({ rule, text }) => `${rule}: ${text}`),
    }));
    assertEquals(lines, file.expected);
  });
}

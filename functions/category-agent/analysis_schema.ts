import { z } from "@hono/zod-openapi";
import { uuid } from "../../shared/events/envelope.ts";
import { RULES } from "../../shared/pricing/trace.ts";
import type { CategoryAnalysis as Analysed } from "../../shared/pricing/read_category.ts";

/** The name of a category, as products state it. */
export const category = z.string().max(100).regex(/^.*\S.*$/, "Expected the name of a category")
  .openapi({ example: "submersible-pumps" });

export const AnalysisPath = z.object({ category });

const ProductAnalysis = z.object({
  product_id: uuid,
  sku: z.string(),
  version: z.int().openapi({ description: "Of the product when it was read" }),
  verdict: z.enum(["good", "fair", "thin", "unusable"]),
  price: z.number(),
  new_price: z.number().openapi({ description: "The same as price: leave it" }),
  cost: z.number().nullable(),
  floor: z.number().nullable().openapi({ description: "Lowest price the margin allows" }),
  competitor_median: z.number().nullable(),
  elasticity: z.number().nullable().openapi({ description: "null: none is claimed" }),
  confidence: z.number().min(0).max(1),
  expected_effect: z.object({
    metric: z.string(),
    amount: z.number(),
    horizon_days: z.int(),
  }).nullable(),
  trace: z.array(z.object({ rule: z.enum(RULES), text: z.string() })).openapi({
    description: "What each rule found, in order; a later one overrules an earlier one",
  }),
  evidence: z.array(uuid).openapi({ description: "Ids of the events it rests on" }),
}).openapi("ProductAnalysis");

export const CategoryAnalysis = z.object({
  category: z.string(),
  rules_event_id: uuid.nullable().openapi({
    description: "The event that set its rules; null: the defaults were used",
  }),
  products: z.array(ProductAnalysis),
  left_out: z.int().openapi({
    description: "Products beyond the first 500 by SKU, which were not looked at",
  }),
}).openapi("CategoryAnalysis");

/** An analysis as it is answered. */
export function answered(
  { category, rules_event_id, products, left_out }: Analysed,
): z.output<typeof CategoryAnalysis> {
  return {
    category,
    rules_event_id,
    left_out,
    products: products.map((line) => ({
      ...line,
      trace: [...line.trace],
      evidence: [...line.evidence],
    })),
  };
}

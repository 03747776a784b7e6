import { z } from "zod";
import { backOffice, eventTypes } from "./event_type.ts";
import { date, instant, quantity, text } from "./fields.ts";
import { hasWholeCents, money, positiveMoney } from "./money.ts";

/**
 * The aggregate type of what is seen of a product from outside, under the product's own id. Apart
 * from the product, so that a thousand observations neither lengthen its history nor move its
 * version under a decision. It has no state table.
 */
export const MARKET = "market";

/** The facts about a product's market. */
export const marketEvents = eventTypes({
  "market.competitor_price_observed": {
    description: "A competitor was seen to sell the same product at a price.",
    schema: z.strictObject({
      competitor: text(100),
      price: positiveMoney,
      observed_at: instant,
      in_stock: z.boolean().optional().describe("true unless stated"),
      url: z.url({ protocol: /^https?$/ }).max(2000).optional(),
    }),
    example: {
      competitor: "Pump Bazaar",
      price: 5499,
      observed_at: "2025-10-25T06:00:00Z",
      in_stock: true,
      url: "https://pumps.example/submersible/05hp",
    },
    postedBy: ["agent", "staff", "service"],
    touches: ["competitor_prices"],
  },
  "market.sales_recorded": {
    description: "Units sold at one price in a period, by other ways than the orders kept here.",
    schema: z.strictObject({
      from: date.describe("First day"),
      days: z.int().min(1).max(366),
      quantity: z.int().min(0).max(1_000_000),
      unit_price: positiveMoney,
      channel: text(100).optional(),
    }),
    example: { from: "2025-10-06", days: 7, quantity: 14, unit_price: 5999, channel: "Shop till" },
    postedBy: backOffice,
    touches: ["sales"],
  },
});

/** The aggregate type of a product category, under an id of its own. It has no state table. */
export const CATEGORY = "category";

const isHundredths = (value: number) => hasWholeCents(Math.abs(value));
const percent = (min: number, max: number) =>
  z.number().min(min).max(max).refine(isHundredths, "Expected at most 2 decimals").meta({
    multipleOf: 0.01,
  });

/** The facts about a product category. */
export const categoryEvents = eventTypes({
  "category.pricing_rules_set": {
    description: "How the prices of a category are found; rules left out are the defaults.",
    schema: z.strictObject({
      category: text(100),
      minimum_margin_percent: percent(0, 95).optional().describe("Of the price; default 20"),
      market_index_percent: percent(1, 1000).optional()
        .describe("Where to stand to the competitors' median; default 100"),
      maximum_step_percent: percent(0.01, 90).optional()
        .describe("Most that one change moves a price; default 10"),
      minimum_change_percent: percent(0, 90).optional()
        .describe("A smaller change is not worth it; default 1"),
      days_between_changes: quantity.max(366).optional().describe("Default 7"),
      low_cover_days: z.int().min(0).max(3660).optional()
        .describe("Stock for fewer days: no cut; default 14"),
      high_cover_days: z.int().min(0).max(3660).optional()
        .describe("Stock for more days: no rise; default 120"),
      prior_elasticity: z.number().min(-10).max(-0.1).refine(
        isHundredths,
        "Expected at most 2 decimals",
      ).optional()
        .describe("What is believed of the category's products before their sales; default -1.8"),
      ending_unit: positiveMoney.optional().describe("Prices end alike within each; default 1"),
      ending: money.optional()
        .describe("…with this; default 0.99"),
    }),
    example: {
      category: "submersible-pumps",
      minimum_margin_percent: 22.5,
      maximum_step_percent: 10,
      ending_unit: 100,
      ending: 99,
    },
    postedBy: backOffice,
    touches: ["rules"],
  },
});

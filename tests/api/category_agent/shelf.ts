/** A category of its own for each test, with cost, competitor and sales history. */
import { assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { eventually } from "../../support/eventually.ts";
import { backend } from "../shop.ts";

export interface Shelf {
  readonly category: string;
  /** A pump above the market's median of 5499. */
  readonly pump: string;
  /** A longer cable that is cheaper than the shorter one. */
  readonly longCable: string;
  /** Without a cost. */
  readonly unpriced: string;
}

const DAY = 86_400_000;
const today = () => Math.floor(Date.now() / DAY);

export function at(aggregate_type: string, aggregate_id: string) {
  return (event_type: string, data: Record<string, unknown>) => ({
    event_type,
    aggregate_type,
    aggregate_id,
    data,
  });
}

export async function postAll(events: unknown[]): Promise<{ id: string }[]> {
  const { status, body } = await callFunction("events/batch", { ...backend(), body: { events } });
  assertEquals(status, 201, JSON.stringify(body));
  return body.events;
}

/** Posts the shelf and waits until its rows are there. */
export async function stockedShelf(): Promise<Shelf> {
  const category = `test-${crypto.randomUUID()}`;
  const [pump, shortCable, longCable, unpriced] = Array.from(
    { length: 4 },
    () => crypto.randomUUID(),
  );
  if (!pump || !shortCable || !longCable || !unpriced) throw new Error("Four ids were made");
  const created = (id: string, name: string, base_price: number, rest: object = {}) =>
    at("product", id)("product.created", {
      sku: `T-${id}`,
      name,
      base_price,
      category,
      stock_quantity: 40,
      ...rest,
    });
  const observed = (competitor: string, price: number, daysAgo: number) =>
    at("market", pump)("market.competitor_price_observed", {
      competitor,
      price,
      observed_at: new Date((today() - daysAgo) * DAY).toISOString(),
    });
  await postAll([
    at("category", crypto.randomUUID())("category.pricing_rules_set", {
      category,
      ending_unit: 100,
      ending: 99,
    }),
    created(pump, "Pump", 5999, { cost: 4000 }),
    created(shortCable, "Cable, 20 m", 2999, { cost: 1400 }),
    created(longCable, "Cable, 30 m", 2799, { cost: 1800 }),
    created(unpriced, "Valve", 999),
    at("product", pump)("product.cost_changed", {
      old_cost: 4000,
      new_cost: 4100,
      reason: "Copper",
    }),
    at("product", shortCable)("product.ladder_placed", { ladder: "cable", rank: 1 }),
    at("product", longCable)("product.ladder_placed", { ladder: "cable", rank: 2 }),
    observed("Ada", 5499, 1),
    observed("Bea", 5399, 2),
    observed("Cem", 5599, 3),
    observed("Dov", 9999, 1),
    at("market", pump)("market.sales_recorded", {
      from: new Date((today() - 30) * DAY).toISOString().slice(0, 10),
      days: 28,
      quantity: 28,
      unit_price: 5999,
    }),
  ]);
  await eventually(async () => {
    const { products } = await analysisOf(category);
    return products.length === 4 &&
      products.every(({ sku, version }: Line) => version === (sku === `T-${unpriced}` ? 1 : 2));
  }, 30);
  return { category, pump, longCable, unpriced };
}

export interface Line {
  product_id: string;
  sku: string;
  version: number;
  verdict: string;
  price: number;
  new_price: number;
  trace: { rule: string; text: string }[];
  evidence: string[];
}

export async function analysisOf(category: string): Promise<{ products: Line[] }> {
  const { status, body } = await callFunction(`category-agent/analysis/${category}`, backend());
  assertEquals(status, 200, JSON.stringify(body));
  return body;
}

/** What a run of the agent over a category came to. */
export interface Ran {
  proposals: { product_id: string; new_price: number; decision_id: string }[];
  refusals: unknown[];
  unchanged: string[];
  withdrawn: string[];
}

/** Lets the agent look at a category now. */
export async function run(category: string): Promise<Ran> {
  const answer = await callFunction("category-agent/run", { ...backend(), body: { category } });
  assertEquals(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

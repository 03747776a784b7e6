import { assert, assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { eventually } from "../../support/eventually.ts";
import { openSql } from "../../support/stack.ts";
import { categoryAgent, person } from "../shop.ts";
import { approve, letPropose } from "./policy.ts";
import { analysisOf, at, postAll, stockedShelf } from "./shelf.ts";

Deno.test("an analysis is found from events alone, shows its rules and stores nothing", async () => {
  const shelf = await stockedShelf();
  const { products } = await analysisOf(shelf.category);
  const pump = products.find(({ product_id }) => product_id === shelf.pump);
  assertEquals([pump?.price, pump?.new_price, pump?.verdict], [5999, 5499, "fair"]);
  assertEquals(pump?.trace.map(({ rule }) => rule), ["data", "market", "demand", "ending"]);
  // Creation, cost, four competitors, sales.
  assertEquals(pump?.evidence.length, 7);
  const cable = products.find(({ product_id }) => product_id === shelf.longCable);
  assertEquals([cable?.price, cable?.new_price], [2799, 2999]);
  const valve = products.find(({ product_id }) => product_id === shelf.unpriced);
  assertEquals([valve?.verdict, valve?.price], ["unusable", valve?.new_price]);
  assertEquals((await analysisOf(shelf.category)).products, products);
});

Deno.test("what orders took out of stock counts as sales at the price of that time", async () => {
  const category = `test-${crypto.randomUUID()}`;
  const id = crypto.randomUUID();
  const product = at("product", id);
  const order = { order_id: crypto.randomUUID() };
  await postAll([
    product("product.created", { sku: `T-${id}`, name: "Tap", base_price: 40, category, cost: 20 }),
    product("product.stock_updated", { stock_quantity: 3, reason: "Count" }),
    product("product.stock_updated", { quantity_change: -2, reason: "order_fulfilled", ...order }),
    product("product.stock_updated", { quantity_change: -1, reason: "Damaged" }),
    at("market", id)("market.competitor_price_observed", {
      competitor: "Ada",
      price: 30,
      observed_at: new Date().toISOString(),
    }),
    at("market", id)("market.competitor_price_observed", {
      competitor: "Bea",
      price: 32,
      observed_at: new Date().toISOString(),
    }),
  ]);
  await eventually(async () => {
    const [line] = (await analysisOf(category)).products;
    assertEquals(line?.version, 4);
    assert(line?.trace.some(({ text }) => text === "fair: 2 competitors, 1 sales periods"));
    // Nothing is left of three, and two were sold.
    assert(line?.trace.some(({ text }) => text === "stays: no cut with stock for 0 days"));
  }, 30);
});

Deno.test("what the agent observed itself counts for nothing, however often; another agent's word does", async () => {
  const { category, pump } = await stockedShelf();
  const before = await analysisOf(category);
  const observed = (competitor: string, created_by?: string) => ({
    ...at("market", pump)("market.competitor_price_observed", {
      competitor,
      price: 4500,
      observed_at: new Date().toISOString(),
    }),
    ...created_by && { created_by },
  });
  const own = Array.from({ length: 300 }, (_, n) => observed(`Own ${n}`));
  const { status } = await callFunction("events/batch", {
    ...categoryAgent(),
    body: { events: own },
  });
  assertEquals(status, 201);
  // Posted for it, as its decisions are.
  await postAll([observed("Own word", "agent:category")]);
  assertEquals((await analysisOf(category)).products, before.products);
  await tookBack(observed("Proposed"), observed("Undone"));
  assertEquals((await analysisOf(category)).products, before.products);

  await postAll(["Eva", "Fay", "Gus"].map((name) => observed(name, "agent:watch")));
  const { products } = await analysisOf(category);
  const line = products.find(({ product_id }) => product_id === pump);
  assert(
    line?.trace.some(({ text }) => text.startsWith("fair: 6 competitors")),
    line?.trace[0]?.text,
  );
});

/** A decision of the agent posts an event, and a person takes it back by another. */
async function tookBack(proposed: ReturnType<ReturnType<typeof at>>, undoing: typeof proposed) {
  const decision_type = `word_${crypto.randomUUID().slice(0, 8)}`;
  await letPropose("category", decision_type);
  const { aggregate_type, aggregate_id } = proposed;
  await using sql = openSql();
  const [head] = await sql`
    select max(aggregate_version)::int as version from events where aggregate_id = ${aggregate_id}
      and aggregate_type = ${aggregate_type}`;
  const made = await callFunction("agents/decisions", {
    ...categoryAgent(),
    body: {
      decision_type,
      targets: [{ aggregate_type, aggregate_id, version: head?.version }],
      proposed_events: [proposed],
      compensation: [undoing],
      confidence: 0.5,
      rationale: "Seen in a shop window",
    },
  });
  assertEquals(made.status, 201, JSON.stringify(made.body));
  await approve(made.body.decision_id);
  const path = `agents/decisions/${made.body.decision_id}/compensate`;
  const { token } = await person("staff");
  const undone = await callFunction(path, { token, body: { reason: "It was last year's" } });
  assertEquals(undone.status, 200, JSON.stringify(undone.body));
}

Deno.test("an analysis is for staff and the backend", async () => {
  const { token } = await person("customer");
  for (const credential of [{ token }, categoryAgent()]) {
    const { status } = await callFunction("category-agent/analysis/pumps", credential);
    assertEquals(status, 403);
  }
  const staff = await callFunction("category-agent/analysis/none", await person("staff"));
  assertEquals(staff.body, { category: "none", rules_event_id: null, left_out: 0, products: [] });
});

import { assertEquals, assertStrictEquals } from "@std/assert";
import { applyEvent, fold, fromRows, toRows } from "../../../shared/domain/aggregate.ts";
import { dealer } from "../../../shared/domain/dealer.ts";
import { order } from "../../../shared/domain/order.ts";
import { product } from "../../../shared/domain/product.ts";
import { exampleStories } from "./example_stories.ts";
import { events, ID, lastEvent, OWNER, stateAfter } from "./story.ts";

const PUMP = {
  product_id: "123e4567-e89b-12d3-a456-426614174001",
  sku: "PUMP-1",
  name: "Pump",
  quantity: 2,
  unit_price: 99.95,
};

Deno.test("nothing is stored as no row in every table of the aggregate", () => {
  assertEquals(toRows(order, null), { orders: [], order_items: [] });
  assertEquals(fromRows(order, { orders: [], order_items: [] }), null);
  assertEquals(fromRows(order, {}), null);
});

Deno.test("an order is a row of orders and a whole row of order_items per line", () => {
  const state = stateAfter(order, ["order.created", { customer_id: OWNER, items: [PUMP, PUMP] }]);
  const rows = toRows(order, state);
  assertEquals(rows.orders?.length, 1);
  assertEquals("items" in (rows.orders?.[0] ?? {}), false);
  assertEquals(
    rows.order_items,
    [1, 2].map((line) => ({
      order_id: ID,
      owner_id: OWNER,
      line,
      ...PUMP,
      line_total: 199.9,
    })),
  );
});

Deno.test("child rows come back in the order of their key, however the database gives them", () => {
  const items = Array.from({ length: 12 }, () => PUMP);
  const state = stateAfter(order, ["order.created", { customer_id: OWNER, items }]);
  const rows = toRows(order, state);
  const shuffled = { ...rows, order_items: rows.order_items?.toReversed() ?? [] };
  assertEquals(fromRows(order, shuffled), state);
});

Deno.test("a dealer's prices are kept in the order of their product ids", () => {
  const price = (last: string) => ({
    product_id: `123e4567-e89b-12d3-a456-42661417400${last}`,
    sku: `A-${last}`,
    price: 5,
  });
  const state = stateAfter(
    dealer,
    ["dealer.application_submitted", {
      company_name: "D",
      contact_name: "R",
      email: "r@d.example",
    }],
    ["dealer.approved", {}],
    ["dealer.pricing_updated", { prices: [price("9"), price("1")], reason: "Agreed" }],
    ["dealer.pricing_updated", { prices: [price("5")], reason: "Agreed" }],
  );
  assertEquals(state.prices.map((row) => row.sku), ["A-1", "A-5", "A-9"]);
  assertEquals(fromRows(dealer, toRows(dealer, state)), state);
});

Deno.test("a child row that an event leaves alone is the same object before and after", () => {
  const before = stateAfter(product, [
    "product.created",
    { sku: "A-1", name: "Pump", base_price: 10, cost: 6 },
  ]);
  const priced = lastEvent("product", ["x.y", {}], ["product.discontinued", { reason: "Old" }]);
  const after = applyEvent(product, before, priced);
  assertStrictEquals(
    toRows(product, after).product_costs?.[0],
    toRows(product, before).product_costs?.[0],
  );
});

for (const { aggregate, facts } of exampleStories) {
  const story = events(aggregate.type, ...facts);

  Deno.test(`rows and state of ${aggregate.type} up to ${facts.at(-1)?.[0]} are inverses`, () => {
    for (let length = 1; length <= story.length; length++) {
      const state = fold(aggregate, story.slice(0, length));
      const rows = toRows(aggregate, state);
      // As it travels: through JSON and back.
      const stored = JSON.parse(JSON.stringify(rows));
      assertEquals(fromRows(aggregate, stored), state);
      assertEquals(toRows(aggregate, fromRows(aggregate, stored)), rows);
    }
  });

  Deno.test(`every row of ${aggregate.type} up to ${facts.at(-1)?.[0]} has the columns of its kind`, () => {
    const columns = new Map<string, string>();
    for (let length = 1; length <= story.length; length++) {
      const rows = toRows(aggregate, fold(aggregate, story.slice(0, length)));
      for (const [table, all] of Object.entries(rows)) {
        for (const row of all) {
          assertEquals(Object.values(row).includes(undefined), false);
          const names = Object.keys(row).sort().join();
          assertEquals(names, columns.get(table) ?? names);
          columns.set(table, names);
        }
      }
    }
  });
}

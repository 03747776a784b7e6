import { assertEquals } from "@std/assert";
import { effectsOf, type NewEvent } from "../../../shared/domain/aggregate.ts";
import { product } from "../../../shared/domain/product.ts";
import { assertRefused, events, type Fact, ID, stateAfter } from "./story.ts";

const SEED: Fact = ["product.created", {
  sku: "SUBM-05HP-DOM-SS-50LPM-20M",
  name: "0.5HP Submersible Pump",
  base_price: 5999.00,
}];
const counted = (stock_quantity: number): Fact => [
  "product.stock_updated",
  { stock_quantity, reason: "Yearly count" },
];
const moved = (quantity_change: number): Fact => [
  "product.stock_updated",
  { quantity_change, reason: "Goods moved" },
];

Deno.test("a product created with sku, name and price is active, without stock or cost", () => {
  const state = stateAfter(product, SEED);
  assertEquals(state.sku, "SUBM-05HP-DOM-SS-50LPM-20M");
  assertEquals(state.name, "0.5HP Submersible Pump");
  assertEquals(state.base_price, 5999);
  assertEquals(state.stock_quantity, 0);
  assertEquals(state.status, "active");
  assertEquals(state.category, null);
  assertEquals(state.costs, []);
});

Deno.test("a product may be created with category, cost and stock", () => {
  const state = stateAfter(product, ["product.created", {
    sku: "A-1",
    name: "Pump",
    base_price: 10,
    category: "pumps",
    cost: 6.5,
    stock_quantity: 4,
  }]);
  assertEquals(state.category, "pumps");
  assertEquals(state.stock_quantity, 4);
  assertEquals(state.costs, [{ product_id: ID, cost: 6.5 }]);
});

Deno.test("a product is created once", () => {
  assertRefused("already_created", product, SEED, SEED);
});

for (
  const fact of [
    counted(1),
    ["product.updated", { name: "Pump" }],
    ["product.discontinued", { reason: "Old" }],
  ] satisfies Fact[]
) {
  Deno.test(`${fact[0]} needs a product`, () => {
    assertRefused("not_yet_created", product, fact);
  });
}

Deno.test("an update changes the named fields only and null clears one", () => {
  const state = stateAfter(
    product,
    SEED,
    ["product.updated", { category: "pumps", cost: 4000 }],
    ["product.updated", { name: "Half a horse" }],
  );
  assertEquals([state.name, state.category, state.costs[0]?.cost], [
    "Half a horse",
    "pumps",
    4000,
  ]);
  const cleared = stateAfter(
    product,
    SEED,
    ["product.updated", { category: "pumps", cost: 4000 }],
    ["product.updated", { category: null, cost: null }],
  );
  assertEquals([cleared.category, cleared.costs], [null, []]);
});

Deno.test("a price change sets the price at once and remembers the stated day", () => {
  const state = stateAfter(product, SEED, ["price.changed", {
    old_price: 5999.00,
    new_price: 5499.00,
    reason: "competitor_match",
    effective_date: "2025-10-27",
  }]);
  assertEquals([state.base_price, state.price_effective_date], [5499, "2025-10-27"]);
});

Deno.test("product.price_changed does the same, the day may be left out", () => {
  const change = { old_price: 5999, new_price: 5499, reason: "competitor_match" };
  const state = stateAfter(product, SEED, ["product.price_changed", change]);
  assertEquals([state.base_price, state.price_effective_date], [5499, null]);
});

Deno.test("the new price holds even when the old one was seen wrong", () => {
  const change = { old_price: 1, new_price: 5499, reason: "competitor_match" };
  assertEquals(stateAfter(product, SEED, ["product.price_changed", change]).base_price, 5499);
});

Deno.test("a correction puts a wrong price right", () => {
  const state = stateAfter(
    product,
    SEED,
    ["product.price_changed", { old_price: 5999, new_price: 549.9, reason: "Sale" }],
    ["product.price_corrected", { old_price: 549.9, new_price: 5499, reason: "Typing error" }],
  );
  assertEquals(state.base_price, 5499);
});

Deno.test("a changed cost replaces the known one, and a place on a ladder changes no column", () => {
  const before = stateAfter(product, SEED, ["product.updated", { cost: 4000 }]);
  const after = stateAfter(
    product,
    SEED,
    ["product.cost_changed", { old_cost: 4000, new_cost: 4100.5, reason: "Copper" }],
    ["product.ladder_placed", { ladder: "domestic", rank: 2 }],
  );
  assertEquals(after.costs, [{ product_id: ID, cost: 4100.5 }]);
  assertEquals({ ...after, costs: [], version: 0, updated_at: "" }, {
    ...before,
    costs: [],
    version: 0,
    updated_at: "",
  });
});

Deno.test("stock is set by a count and moved by a change", () => {
  assertEquals(stateAfter(product, SEED, counted(12), moved(-5), moved(3)).stock_quantity, 10);
});

Deno.test("more sold than counted shows as stock below zero", () => {
  assertEquals(stateAfter(product, SEED, counted(2), moved(-5)).stock_quantity, -3);
});

Deno.test("stock past what the table holds is refused", () => {
  assertRefused("out_of_range", product, SEED, counted(1_000_000_000), moved(1));
});

Deno.test("a discontinued product can be reinstated, neither twice", () => {
  const discontinued: Fact = ["product.discontinued", { reason: "Old model" }];
  const reinstated: Fact = ["product.reinstated", { reason: "Back" }];
  assertEquals(stateAfter(product, SEED, discontinued).status, "discontinued");
  assertEquals(stateAfter(product, SEED, discontinued, reinstated).status, "active");
  assertRefused("impossible_transition", product, SEED, discontinued, discontinued);
  assertRefused("impossible_transition", product, SEED, reinstated);
});

Deno.test("nothing about a product causes further events", () => {
  const state = stateAfter(product, SEED);
  const caused: NewEvent[] = events("product", SEED, counted(1))
    .flatMap((event) => effectsOf(product, state, event));
  assertEquals(caused, []);
});

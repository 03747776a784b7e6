import { assertEquals } from "@std/assert";
import { effectsOf } from "../../../shared/domain/aggregate.ts";
import { order } from "../../../shared/domain/order.ts";
import { orderStatusAfter, orderStatuses } from "../../../shared/domain/order_status.ts";
import {
  assertRefused,
  events,
  type Fact,
  ID,
  lastEvent,
  momentOf,
  OWNER,
  refusal,
  stateAfter,
} from "./story.ts";

const PUMP = {
  product_id: "123e4567-e89b-12d3-a456-426614174001",
  sku: "PUMP-1",
  name: "Pump",
  quantity: 2,
  unit_price: 99.95,
};
const CABLE = {
  product_id: "123e4567-e89b-12d3-a456-426614174002",
  sku: "CABLE-1",
  name: "Cable",
  quantity: 3,
  unit_price: 0.1,
};
const CREATED: Fact = ["order.created", { customer_id: OWNER, items: [PUMP, CABLE] }];
const PLACED: Fact = ["order.placed", { total: 200.2 }];
const FULFILLED: Fact = ["order.fulfilled", {}];
const CANCELLED: Fact = ["order.cancelled", { reason: "Changed my mind" }];
const paid = (amount: number): Fact => ["order.payment_received", { amount }];
const refunded = (amount: number): Fact => ["order.refunded", { amount, reason: "Faulty" }];
const moved = (old_status: string, new_status: string): Fact => [
  "order.status_changed",
  { old_status, new_status },
];

Deno.test("an order begins as an unpaid draft with numbered lines and an exact total", () => {
  const state = stateAfter(order, CREATED);
  assertEquals([state.status, state.payment_status, state.total], ["draft", "unpaid", 200.2]);
  assertEquals(state.items.map((item) => [item.line, item.sku, item.line_total]), [
    [1, "PUMP-1", 199.9],
    [2, "CABLE-1", 0.3],
  ]);
  assertEquals(state.placed_at, null);
});

Deno.test("an order is created once and everything else needs it", () => {
  assertRefused("already_created", order, CREATED, CREATED);
  assertRefused("not_yet_created", order, PLACED);
  assertRefused("not_yet_created", order, paid(5));
});

Deno.test("an item added to a draft becomes the line after the highest", () => {
  const state = stateAfter(
    order,
    CREATED,
    ["order.item_removed", { line: 1 }],
    ["order.item_added", PUMP],
  );
  assertEquals(state.items.map((item) => [item.line, item.sku]), [[2, "CABLE-1"], [3, "PUMP-1"]]);
  assertEquals(state.total, 200.2);
});

Deno.test("a line that is not there cannot be removed", () => {
  assertRefused("unknown_item", order, CREATED, ["order.item_removed", { line: 3 }]);
});

Deno.test("an order has at most 500 lines", () => {
  const items = Array.from({ length: 500 }, () => CABLE);
  const full: Fact = ["order.created", { customer_id: OWNER, items }];
  assertEquals(stateAfter(order, full).items.length, 500);
  assertRefused("out_of_range", order, full, ["order.item_added", CABLE]);
});

Deno.test("a total past the largest amount is refused", () => {
  const items = [{ ...PUMP, quantity: 1_000_000, unit_price: 1_000_000_000 }];
  assertRefused("out_of_range", order, ["order.created", { customer_id: OWNER, items }]);
});

Deno.test("placing commits the customer at the time of the event", () => {
  const state = stateAfter(order, CREATED, PLACED);
  assertEquals([state.status, state.placed_at], ["placed", momentOf(2)]);
});

Deno.test("placing at another total than the items make is refused", () => {
  assertRefused("total_mismatch", order, CREATED, ["order.placed", { total: 200.19 }]);
});

Deno.test("an empty draft cannot be placed, nor by paying", () => {
  const emptied: Fact[] = [
    CREATED,
    ["order.item_removed", { line: 1 }],
    ["order.item_removed", { line: 2 }],
  ];
  assertRefused("impossible_transition", order, ...emptied, ["order.placed", { total: 0 }]);
  assertRefused("impossible_transition", order, ...emptied, paid(1));
});

Deno.test("the items of a placed order are fixed", () => {
  assertRefused("impossible_transition", order, CREATED, PLACED, ["order.item_added", PUMP]);
  assertRefused("impossible_transition", order, CREATED, PLACED, ["order.item_removed", {
    line: 1,
  }]);
});

Deno.test("paying for a draft places it", () => {
  const state = stateAfter(order, CREATED, paid(200.2));
  assertEquals([state.status, state.payment_status, state.placed_at], [
    "placed",
    "paid",
    momentOf(2),
  ]);
});

Deno.test("payments add up to partly paid, then paid", () => {
  assertEquals(stateAfter(order, CREATED, paid(100.1)).payment_status, "partially_paid");
  const state = stateAfter(order, CREATED, paid(100.1), paid(100.1));
  assertEquals([state.payment_status, state.amount_paid], ["paid", 200.2]);
});

Deno.test("money for a cancelled order is kept until it is refunded", () => {
  const late = [CREATED, CANCELLED, paid(200.2)];
  assertEquals(stateAfter(order, ...late).status, "cancelled");
  assertEquals(stateAfter(order, ...late).payment_status, "paid");
  assertEquals(stateAfter(order, ...late, refunded(200.2)).payment_status, "refunded");
});

Deno.test("a refund is at most what was paid", () => {
  const state = stateAfter(order, CREATED, paid(200.2), refunded(100));
  assertEquals([state.amount_refunded, state.payment_status], [100, "partially_paid"]);
  assertRefused("refund_exceeds_payment", order, CREATED, paid(5), refunded(5.01));
});

Deno.test("the shop's work goes from placed by processing and shipped to fulfilled", () => {
  const state = stateAfter(
    order,
    CREATED,
    PLACED,
    moved("placed", "processing"),
    moved("processing", "on_hold"),
    moved("on_hold", "processing"),
    moved("processing", "shipped"),
    ["order.fulfilled", { carrier: "Blue Dart", tracking_number: "BD1" }],
  );
  assertEquals([state.status, state.fulfilled_at], ["fulfilled", momentOf(7)]);
  assertEquals([state.carrier, state.tracking_number], ["Blue Dart", "BD1"]);
});

Deno.test("a status change from a status the order does not have is refused", () => {
  const late = moved("placed", "processing");
  assertRefused("impossible_transition", order, CREATED, late);
  assertRefused("impossible_transition", order, CREATED, PLACED, late, late);
  const held = moved("placed", "on_hold");
  assertRefused("impossible_transition", order, CREATED, PLACED, held, late);
});

Deno.test("a draft, a cancelled order and a fulfilled one cannot be fulfilled", () => {
  assertRefused("impossible_transition", order, CREATED, FULFILLED);
  assertRefused("impossible_transition", order, CREATED, CANCELLED, FULFILLED);
  assertRefused("impossible_transition", order, CREATED, PLACED, FULFILLED, FULFILLED);
});

Deno.test("an order can be cancelled until it is shipped", () => {
  const state = stateAfter(order, CREATED, PLACED, CANCELLED);
  assertEquals([state.status, state.cancelled_at, state.cancellation_reason], [
    "cancelled",
    momentOf(3),
    "Changed my mind",
  ]);
  const shipped = [CREATED, PLACED, moved("placed", "shipped")];
  assertRefused("impossible_transition", order, ...shipped, CANCELLED);
});

Deno.test("from status to status, only these ways are open", () => {
  const open = orderStatuses.flatMap((from) =>
    orderStatuses.filter((to) => refusal(() => orderStatusAfter(from, to)) === undefined)
      .map((to) => `${from} > ${to}`)
  );
  assertEquals(open, [
    "draft > placed",
    "draft > cancelled",
    "placed > processing",
    "placed > on_hold",
    "placed > shipped",
    "placed > fulfilled",
    "placed > cancelled",
    "processing > on_hold",
    "processing > shipped",
    "processing > fulfilled",
    "processing > cancelled",
    "on_hold > placed",
    "on_hold > processing",
    "on_hold > cancelled",
    "shipped > fulfilled",
  ]);
});

Deno.test("a fulfilled order takes each item out of stock, naming itself", () => {
  const facts = [CREATED, PLACED, FULFILLED];
  assertEquals(
    effectsOf(order, stateAfter(order, ...facts), lastEvent("order", ...facts)),
    [PUMP, CABLE].map((item) => ({
      event_type: "product.stock_updated",
      aggregate_type: "product",
      aggregate_id: item.product_id,
      data: { quantity_change: -item.quantity, reason: "order_fulfilled", order_id: ID },
    })),
  );
});

Deno.test("no other event of an order causes further events", () => {
  const facts = [CREATED, PLACED, paid(5), refunded(5), CANCELLED];
  const state = stateAfter(order, ...facts);
  assertEquals(events("order", ...facts).flatMap((event) => effectsOf(order, state, event)), []);
});

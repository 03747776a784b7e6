import { assertEquals } from "@std/assert";
import { findAggregate } from "../../../shared/domain/aggregates.ts";
import type { StoredEvent } from "../../../shared/events/envelope.ts";
import { foldUntil, type Horizon, unborn } from "../../../shared/events/time_travel.ts";

const PUMP = "123e4567-e89b-12d3-a456-426614174000";
const SECOND = [
  "2025-10-26T09:00:01.5+00:00",
  "2025-10-26T09:00:02.5+00:00",
  "2025-10-26T09:00:03.5+00:00",
];

function event(
  version: number,
  event_type: string,
  data: Record<string, unknown>,
  change: Partial<StoredEvent> = {},
): StoredEvent {
  return {
    id: `0199f0c1-7a10-7c4e-9b5e-00000000000${version}`,
    event_number: version * 10,
    event_type,
    aggregate_type: "product",
    aggregate_id: PUMP,
    aggregate_version: version,
    schema_version: 1,
    data,
    metadata: {},
    created_by: "system",
    user_id: null,
    owner_id: null,
    created_at: SECOND[version - 1] ?? "",
    correlation_id: null,
    causation_id: null,
    idempotency_key: null,
    processed: true,
    processed_at: null,
    processing_error: null,
    processing_attempts: 0,
    next_attempt_at: null,
    skip_reason: null,
    ...change,
  };
}

const history = [
  event(1, "product.created", { sku: "P-1", name: "Pump", base_price: 100 }),
  event(2, "product.price_changed", { old_price: 100, new_price: 90, reason: "sale" }),
  event(3, "product.price_changed", { old_price: 90, new_price: 80, reason: "sale" }),
];

function priceAt(horizon: Horizon, events = history) {
  const { state, version } = foldUntil(findAggregate("product"), unborn, events, horizon);
  return [version, state && "base_price" in state ? state.base_price : null];
}

Deno.test("foldUntil() arrives where the horizon says", () => {
  assertEquals(priceAt("now"), [3, 80]);
  assertEquals(priceAt({ at_version: 2 }), [2, 90]);
  assertEquals(priceAt({ at_version: 99 }), [3, 80]);
  assertEquals(priceAt({ event_number: 29 }), [2, 90]);
  assertEquals(priceAt({ event_number: 30 }), [3, 80]);
  assertEquals(priceAt({ as_of: Date.parse("2025-10-26T09:00:02.500Z") }), [2, 90]);
  assertEquals(priceAt({ as_of: Date.parse("2025-10-26T09:00:02.499Z") }), [1, 100]);
  assertEquals(priceAt({ as_of: 0 }), [0, null]);
});

Deno.test("foldUntil() goes on from page to page as if there were one", () => {
  const product = findAggregate("product");
  const whole = foldUntil(product, unborn, history, "now");
  const parts = history.reduce((from, one) => foldUntil(product, from, [one], "now"), unborn);
  assertEquals(parts, whole);
});

Deno.test("foldUntil() stops before an event that the domain refuses and names it", () => {
  const again = event(2, "product.created", { sku: "P-1", name: "Pump", base_price: 100 });
  const folded = foldUntil(
    findAggregate("product"),
    unborn,
    [history[0], again, history[2]].filter((one) => one !== undefined),
    "now",
  );
  assertEquals([folded.version, folded.blocked_by?.event_number, folded.blocked_by?.code], [
    1,
    20,
    "already_created",
  ]);
});

Deno.test("foldUntil() passes a skipped event without its data", () => {
  const skipped = { ...history[1], skip_reason: "typo" } as StoredEvent; // history[1] exists
  const events = [history[0], skipped].filter((one) => one !== undefined);
  assertEquals(priceAt("now", events), [2, 100]);
});

Deno.test("foldUntil() has no state for an aggregate type without state tables", () => {
  const folded = foldUntil(undefined, unborn, history, "now");
  assertEquals([folded.state, folded.version], [null, 3]);
});

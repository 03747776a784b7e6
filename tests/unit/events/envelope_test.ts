import { assert, assertEquals } from "@std/assert";
import { PostedEvent } from "../../../shared/events/envelope.ts";

const seed = {
  event_type: "product.created",
  aggregate_type: "product",
  aggregate_id: "123e4567-e89b-12d3-a456-426614174000",
  data: { sku: "SUBM-05HP-DOM-SS-50LPM-20M", name: "0.5HP Submersible Pump", base_price: 5999.00 },
  created_by: "user:test",
};

function pointers(posted: unknown): string[] {
  const result = PostedEvent.safeParse(posted);
  return result.success ? [] : result.error.issues.map((issue) => issue.path.join("/"));
}

Deno.test("PostedEvent takes the event of the setup guide as it is", () => {
  assertEquals(PostedEvent.parse(seed), seed);
});

Deno.test("PostedEvent takes null where a field may be missing", () => {
  assertEquals(pointers({ ...seed, metadata: null, causation_id: null, user_id: null }), []);
});

Deno.test("PostedEvent hands data on untouched, whatever is in it", () => {
  const data = JSON.parse(`{"__proto__":{"a":1},"constructor":2,"nested":[{"b":null}]}`);
  assert(PostedEvent.parse({ ...seed, data }).data === data);
});

Deno.test("PostedEvent refuses each wrong field", () => {
  assertEquals(pointers({ ...seed, event_type: "Product Created" }), ["event_type"]);
  assertEquals(pointers({ ...seed, event_type: "product" }), ["event_type"]);
  assertEquals(pointers({ ...seed, aggregate_id: "17" }), ["aggregate_id"]);
  assertEquals(pointers({ ...seed, data: [] }), ["data"]);
  assertEquals(pointers({ ...seed, data: "x" }), ["data"]);
  assertEquals(pointers({ ...seed, expected_version: -1 }), ["expected_version"]);
  assertEquals(pointers({ ...seed, idempotency_key: "" }), ["idempotency_key"]);
  assertEquals(pointers({ ...seed, idempotency_key: "k".repeat(256) }), ["idempotency_key"]);
  assertEquals(pointers({ ...seed, event_number: 7 }), [""]);
  assertEquals(pointers({}).length, 4);
});

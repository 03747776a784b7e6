import { assertEquals } from "@std/assert";
import { EventFilters } from "../../../shared/events/event_filters.ts";

function refused(query: Record<string, unknown>): string[] {
  const result = EventFilters.safeParse(query);
  return result.success ? [] : result.error.issues.map((issue) => issue.path.join("."));
}

Deno.test("EventFilters has newest first and pages of 100 unless told otherwise", () => {
  assertEquals(EventFilters.parse({}), { order: "desc", limit: 100 });
});

Deno.test("EventFilters takes every filter of the contract", () => {
  const query = {
    event_type: "order.*",
    aggregate_type: "order",
    aggregate_id: "123E4567-e89b-12d3-a456-426614174000",
    correlation_id: "order-flow-123",
    causation_id: "123e4567-e89b-12d3-a456-426614174001",
    created_by: "agent:category",
    user_id: "123e4567-e89b-12d3-a456-426614174002",
    processed: "false",
    failed: "true",
    since: "2025-10-26T09:30:00Z",
    until: "2025-10-27T09:30:00+02:00",
    data: `{"sku":"P-1"}`,
    order: "asc",
    limit: "5",
    cursor: "17",
  };
  const parsed = EventFilters.parse(query);
  assertEquals([parsed.processed, parsed.failed, parsed.limit, parsed.cursor], [
    false,
    true,
    5,
    17,
  ]);
  assertEquals(parsed.aggregate_id, "123e4567-e89b-12d3-a456-426614174000");
});

Deno.test("EventFilters refuses each wrong filter by its name", () => {
  const wrong = {
    event_type: ["order", "%.x", "order.*x", "*", "order.%"],
    aggregate_id: ["7"],
    processed: ["yes", "1", ""],
    since: ["yesterday", "2025-10-26"],
    data: ["{", "[]", "1", "null"],
    order: ["newest"],
    limit: ["0", "1001", "all"],
    cursor: ["-1", "abc", "1.5"],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      assertEquals(refused({ [name]: value }), [name], `${name}=${value}`);
    }
  }
  assertEquals(refused({ evnt_type: "order.created" }), [""]);
  assertEquals(refused({ cursor: ["1", "2"] }), ["cursor"]);
});

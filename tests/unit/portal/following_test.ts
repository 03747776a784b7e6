import { assertEquals } from "@std/assert";
import type { ProposedEvent } from "../../../functions/portal/web/decisions/decision.ts";
import { following } from "../../../functions/portal/web/decisions/following.ts";

function change(data: Record<string, unknown>, aggregate_id = "pump"): ProposedEvent {
  return { event_type: "product.price_changed", aggregate_type: "product", aggregate_id, data };
}

const before = [change({ old_price: 10, new_price: 9 })];
const undoing = [change({ old_price: 9, new_price: 10 })];

Deno.test("what takes a change back follows it, also while the field is empty", () => {
  const empty = [change({ old_price: 10 })];
  const after = [change({ old_price: 10, new_price: 8 })];
  const between = following(undoing, before, empty);
  assertEquals(between, [change({ old_price: undefined, new_price: 10 })]);
  assertEquals(following(between, empty, after), [change({ old_price: 8, new_price: 10 })]);
});

Deno.test("what was stated otherwise, or of something else, stays", () => {
  const after = [change({ old_price: 10, new_price: 8 })];
  const others = [change({ old_price: 7 }), change({ old_price: 9 }, "valve"), change({ note: 9 })];
  assertEquals(following(others, before, after), others);
  assertEquals(following(undoing, before, [...after, ...before]), undoing);
});

import { assertEquals } from "@std/assert";
import { correlate } from "../../../shared/events/correlation.ts";

Deno.test("correlate() keeps a UUID, in lower case, without a key", async () => {
  assertEquals(await correlate("123E4567-E89B-12D3-A456-426614174000"), {
    id: "123e4567-e89b-12d3-a456-426614174000",
  });
});

Deno.test("correlate() gives a readable key the same UUID for ever", async () => {
  assertEquals(await correlate("order-flow-123"), {
    id: "45ab50be-dc4f-5ef6-acc0-3fb9a1e95621",
    key: "order-flow-123",
  });
});

Deno.test("correlate() tells keys apart by every character", async () => {
  const keys = ["order-flow-123", "order-flow-124", "Order-flow-123", "order-flow-123 ", "ü"];
  const ids = await Promise.all(keys.map(async (key) => (await correlate(key)).id));
  assertEquals(new Set(ids).size, keys.length);
});

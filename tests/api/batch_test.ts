import { assertEquals } from "@std/assert";
import { callFunction } from "../support/call_function.ts";
import { eventsOf, id, person, priceChanged, productCreated } from "./shop.ts";

const { token } = await person("staff");

function postBatch(events: unknown[], headers: Record<string, string> = {}) {
  return callFunction("events/batch", { body: { events }, token, headers });
}

Deno.test("a batch is stored in its order, with versions counted through", async () => {
  const [pump, valve] = [id("batch: pump"), id("batch: valve")];
  const { status, body } = await postBatch([
    productCreated(pump),
    productCreated(valve),
    priceChanged(pump),
  ]);
  assertEquals(status, 201);
  const stored = body.events.map((one: Record<string, unknown>) => [
    one.aggregate_id,
    one.aggregate_version,
  ]);
  assertEquals(stored, [[pump, 1], [valve, 1], [pump, 2]]);
});

Deno.test("a batch of 1000 events is stored", async () => {
  const pump = id("batch: thousand");
  const changes = Array.from({ length: 999 }, () => priceChanged(pump));
  const { status, body } = await postBatch([productCreated(pump), ...changes]);
  assertEquals([status, body.events.length], [201, 1000]);
  assertEquals(await eventsOf(pump), 1000);
});

Deno.test("of a batch with one bad event nothing is stored, and the event is pointed at", async () => {
  const pump = id("batch: bad");
  const good = productCreated(pump);
  const cases = [
    [productCreated(pump, { data: { sku: "P" } }), 422, "/events/1/data/name"],
    [productCreated(pump, { event_type: "product.exploded" }), 422, "/events/1/event_type"],
    [{ ...good, aggregate_id: 1 }, 422, "/events/1/aggregate_id"],
    [productCreated(pump, { metadata: { a: "x".repeat(300_000) } }), 413, "/events/1"],
  ] as const;
  for (const [bad, status, pointer] of cases) {
    const answer = await postBatch([good, bad]);
    assertEquals(answer.status, status);
    assertEquals(answer.body.errors[0].pointer, pointer);
  }
  const conflict = await postBatch([good, priceChanged(pump, { expected_version: 7 })]);
  assertEquals([conflict.status, conflict.body.code], [409, "version_conflict"]);
  assertEquals(await eventsOf(pump), 0);
});

Deno.test("a batch that waits is answered when all of it is state", async () => {
  const pump = id("batch: wait");
  const answer = await postBatch([productCreated(pump), priceChanged(pump)], { Prefer: "wait=10" });
  assertEquals([answer.status, answer.headers.get("preference-applied")], [201, "wait=10"]);
  assertEquals(answer.body.events.map((one: { processed: boolean }) => one.processed), [
    true,
    true,
  ]);
});

Deno.test("a key that leaves no room for event numbers is 400", async () => {
  const headers = { "Idempotency-Key": "k".repeat(254) };
  const answer = await postBatch([productCreated(id("batch: key"))], headers);
  assertEquals([answer.status, answer.body.errors[0].pointer], [400, "/header/idempotency-key"]);
});

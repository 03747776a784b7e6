import { assertEquals } from "@std/assert";
import { callFunction } from "../support/call_function.ts";
import { eventually } from "../support/eventually.ts";
import { eventsOf, id, person, priceChanged, productCreated, stored } from "./shop.ts";

const staff = await person("staff");
const customer = await person("customer");

function tryOut(event: unknown, credential: { token?: string; key?: string } = staff) {
  return callFunction("events/dry-run", { body: event, ...credential });
}

Deno.test("a dry run says what the post then does, and stores nothing", async () => {
  const pump = id("dry run: pump");
  await stored(productCreated(pump), staff);
  const tried = await tryOut(priceChanged(pump));
  assertEquals([tried.status, tried.body.failure, tried.body.replayed], [200, null, false]);
  assertEquals([tried.body.event.aggregate_version, await eventsOf(pump)], [2, 1]);

  const event = await stored(priceChanged(pump), staff);
  const done = await eventually(async () => {
    const answer = await callFunction(`database-manager/events/${event.id}/changes`, staff);
    if (!answer.body.processed) throw new Error("not processed yet");
    return answer.body.changes;
  });
  assertEquals(comparable(tried.body.changes), comparable(done));
  assertEquals(comparable(done).length, 1);
});

Deno.test("the first event of an entity would insert its row", async () => {
  const hose = id("dry run: hose");
  const { body } = await tryOut(productCreated(hose));
  assertEquals(body.changes.map((one: { operation: string }) => one.operation), ["insert"]);
  assertEquals([body.changes[0].row_id, await eventsOf(hose)], [hose, 0]);
});

Deno.test("an event that would be parked says why", async () => {
  const { body } = await tryOut(priceChanged(id("dry run: never created")));
  assertEquals([body.failure?.code, body.changes], ["not_yet_created", []]);
});

Deno.test("what PostgreSQL would refuse is foreseen, too", async () => {
  const [first, second] = [id("dry run: first"), id("dry run: second")];
  const { event_type, aggregate_type, data } = productCreated(first);
  const body = { event_type, aggregate_type, data: { ...data, sku: "DRY-RUN-TWICE" } };
  const created = await callFunction("events", {
    body: { ...body, aggregate_id: first },
    ...staff,
    headers: { Prefer: "wait=10" },
  });
  assertEquals(created.body.processed, true);
  const { body: tried } = await tryOut({ ...body, aggregate_id: second });
  assertEquals(tried.failure?.code, "23505");
  assertEquals(tried.failure.detail.includes("DRY-RUN-TWICE"), true, tried.failure.detail);
  assertEquals(await eventsOf(second), 0);
  const { body: other } = await tryOut(priceChanged(first));
  assertEquals(other.failure, null);
});

Deno.test("a dry run refuses what a post refuses", async () => {
  const answers = await Promise.all([
    tryOut(priceChanged(id("dry run: pump")), customer),
    tryOut({ ...productCreated(id("dry run: pump")), expected_version: 7 }),
    tryOut({ ...productCreated(id("dry run: pump")), data: {} }),
    tryOut(productCreated(id("dry run: pump")), {}),
  ]);
  assertEquals(
    answers.map(({ status, body }) => [status, body.code]),
    [
      [403, "event_type_forbidden"],
      [409, "version_conflict"],
      [422, "invalid_event_data"],
      [401, "unauthenticated"],
    ],
  );
});

Deno.test("an event posted before under its key would change nothing", async () => {
  const keyed = { ...productCreated(id("dry run: keyed")), idempotency_key: "dry run: keyed" };
  await stored(keyed, staff);
  const { body } = await tryOut(keyed);
  assertEquals([body.replayed, body.changes, body.event.aggregate_version], [true, [], 1]);
});

/** Changes without what differs by nature: ids, numbers and times. */
function comparable(changes: Record<string, unknown>[]) {
  return changes.map(({ table_name, row_id, operation, before, after }) => ({
    table_name,
    row_id,
    operation,
    before: { ...before as Record<string, unknown>, updated_at: null },
    after: { ...after as Record<string, unknown>, updated_at: null },
  }));
}

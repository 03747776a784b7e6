import { assert, assertEquals } from "@std/assert";
import { callFunction } from "../support/call_function.ts";
import { eventually } from "../support/eventually.ts";
import { openSql } from "../support/stack.ts";
import { backend, id, person, post, priceChanged, productCreated, stored } from "./shop.ts";

const staff = await person("staff");
const customer = await person("customer");

/** An aggregate with an event that fails; gives back that event. */
async function failing(name: string) {
  await stored(productCreated(id(name)), staff);
  return await stored(productCreated(id(name)), staff);
}

function setProcessing(eventId: string, body: unknown, credential: object = staff) {
  return callFunction(`events/${eventId}/processing`, { method: "PUT", body, ...credential });
}

async function untilFailed(eventId: string): Promise<void> {
  await eventually(async () => {
    const { body } = await callFunction(`events/${eventId}`, staff);
    return body.processing_error !== null;
  });
}

Deno.test("Prefer: wait answers when the event is state", async () => {
  const pump = id("processing: wait");
  const answer = await post(productCreated(pump), staff, { Prefer: "wait=10" });
  assertEquals([answer.status, answer.body.processed], [201, true]);
  assertEquals(answer.headers.get("preference-applied"), "wait=10");
  await using sql = openSql();
  assertEquals((await sql`select id from products where id = ${pump}`).length, 1);
});

Deno.test("Prefer: wait answers 202 when the event is not state in time", async () => {
  const { aggregate_id } = await failing("processing: late");
  const answer = await post(priceChanged(aggregate_id), staff, { Prefer: "wait=1" });
  assertEquals([answer.status, answer.body.processed], [202, false]);
});

Deno.test("Prefer: wait for too long, or for nonsense, is 400 and stores nothing", async () => {
  for (const wait of ["wait=0", "wait=31", "wait=soon"]) {
    const pump = id("processing: nonsense");
    const answer = await post(productCreated(pump), staff, { Prefer: wait });
    assertEquals([answer.status, answer.body.code], [400, "invalid_parameter"]);
    const { status } = await callFunction(`events/aggregate/product/${pump}/history`, staff);
    assertEquals(status, 404);
  }
});

Deno.test("each attempt that failed says when and why, to staff only", async () => {
  const { id: eventId } = await failing("processing: attempts");
  await untilFailed(eventId);
  const path = `database-manager/events/${eventId}/attempts`;
  const [first, ...others] = (await callFunction(path, staff)).body.attempts;
  const { body } = await callFunction(`events/${eventId}`, staff);
  assertEquals([first.attempt, first.error, others.length], [1, body.processing_error, 0]);
  assert(Date.parse(first.failed_at) >= Date.parse(body.created_at), first.failed_at);
  assertEquals((await callFunction(path, customer)).status, 403);
});

Deno.test("GET /events/unprocessed lists what waits, oldest first, and pages", async () => {
  const first = await failing("processing: first");
  const second = await failing("processing: second");
  await untilFailed(second.id);
  const { body } = await callFunction("events/unprocessed?limit=1000", backend());
  const numbers: number[] = body.events.map((one: { event_number: number }) => one.event_number);
  assertEquals(numbers, numbers.toSorted((a, b) => a - b));
  for (const { event_number } of [first, second]) assert(numbers.includes(event_number));
  const cursor = first.event_number;
  const page = await callFunction(`events/unprocessed?limit=1&cursor=${cursor}`, staff);
  assertEquals(page.body.events.length, 1);
  assert(page.body.events[0].event_number > cursor);
});

Deno.test("PUT /events/{id}/processing skips a failed event, and its aggregate flows again", async () => {
  const event = await failing("processing: skip");
  const change = await stored(priceChanged(event.aggregate_id), staff);
  await untilFailed(event.id);
  const answer = await setProcessing(event.id, { status: "processed", error: "posted twice" });
  assertEquals(answer.status, 200, JSON.stringify(answer.body));
  assertEquals(answer.body.skip_reason, "posted twice");
  await eventually(async () => {
    const { body } = await callFunction(`events/${change.id}`, staff);
    return body.processed === true;
  });
  const again = await setProcessing(event.id, { status: "failed" });
  assertEquals([again.status, again.body.code], [409, "already_processed"]);
});

Deno.test("PUT /events/{id}/processing is for staff and the backend, and checks its body", async () => {
  const event = await failing("processing: rights");
  await untilFailed(event.id);
  assertEquals((await setProcessing(event.id, { status: "pending" }, customer)).status, 403);
  assertEquals((await setProcessing(event.id, { status: "pending" }, backend())).status, 200);
  assertEquals((await setProcessing(event.id, { status: "done" })).status, 422);
  const unknown = await setProcessing(id("no such event"), { status: "pending" });
  assertEquals([unknown.status, unknown.body.code], [404, "event_not_found"]);
});

Deno.test("GET /events/stats counts what is there", async () => {
  const before = (await callFunction("events/stats", staff)).body;
  const event = await stored(productCreated(id("processing: stats")), staff);
  await eventually(async () => {
    const { body } = await callFunction("events/stats", staff);
    assert(body.total > before.total);
    assert(body.by_type["product.created"] > before.by_type["product.created"]);
    assert(body.last_event_number >= event.event_number);
    assertEquals(body.total, body.processed + body.unprocessed);
    assertEquals(body.lag_events, body.unprocessed);
    assert(body.failed > 0 && body.lag_seconds > 0);
    assert(body.per_hour.length > 0);
  });
});

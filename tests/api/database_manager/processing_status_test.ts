/** PUT /events/{id}/processing: the seed's way to the same controls. */
import { assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { openSql } from "../../support/stack.ts";
import { id, productCreated, stored } from "../shop.ts";
import { crowdedOut, failing, parked, untilParked } from "./failing.ts";
import { actsOf, byStaff, staff, untilProcessed } from "./manager.ts";

const put = (eventId: string, body: unknown) =>
  callFunction(`events/${eventId}/processing`, { method: "PUT", body, ...staff });

Deno.test("processed counts an event as done without changing state, and says so in the log", async () => {
  const { event, sibling } = await parked("put: processed");
  const acts = await actsOf(async () => {
    const { status, body } = await put(event.id, { status: "processed", error: "posted twice" });
    assertEquals([status, body.processed, body.skip_reason], [200, true, "posted twice"]);
  });
  const data = { event_id: event.id, reason: "posted twice" };
  assertEquals(acts, [byStaff("system.event_skipped", data, event.id)]);
  await untilProcessed(sibling.id);
});

Deno.test("processed of an event that is processed changes nothing and is no act", async () => {
  const event = await stored(productCreated(id("put: done")), staff);
  await untilProcessed(event.id);
  const acts = await actsOf(async () => {
    const { status, body } = await put(event.id, { status: "processed" });
    assertEquals([status, body.skip_reason], [200, null]);
  });
  assertEquals(acts, []);
  for (const status of ["failed", "pending"]) {
    const answer = await put(event.id, { status });
    assertEquals([answer.status, answer.body.code], [409, "already_processed"]);
  }
});

Deno.test("failed parks an event and its aggregate with the error given, and says so in the log", async () => {
  const { event } = await failing("put: failed");
  const acts = await actsOf(async () => {
    const { status, body } = await put(event.id, { status: "failed", error: "disputed" });
    assertEquals([status, body.processed, body.processing_error], [200, false, "disputed"]);
  });
  const data = { event_id: event.id, reason: "disputed" };
  assertEquals(acts, [byStaff("system.event_parked", data, event.id)]);
  await using sql = openSql();
  const [row] = await sql`
    select error_code, error, parked_at is not null as parked from private.blocked_aggregates
    where event_number = ${event.event_number}`;
  assertEquals({ ...row }, { error_code: "failed_by_hand", error: "disputed", parked: true });
});

Deno.test("pending tries an event again, and says so in the log", async () => {
  const { event, sibling, giveWay } = await crowdedOut("put: pending");
  await untilParked(event);
  await giveWay();
  const acts = await actsOf(async () => {
    assertEquals((await put(event.id, { status: "pending" })).status, 200);
  });
  assertEquals(acts, [byStaff("system.event_retried", { event_id: event.id }, event.id)]);
  await untilProcessed(event.id);
  await untilProcessed(sibling.id);
});

Deno.test("an unknown event is 404 for each status", async () => {
  for (const status of ["processed", "failed", "pending"]) {
    const answer = await put(id("put: nobody"), { status });
    assertEquals([answer.status, answer.body.code], [404, "event_not_found"]);
  }
});

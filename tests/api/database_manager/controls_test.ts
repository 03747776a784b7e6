import { assert, assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { openSql } from "../../support/stack.ts";
import { id, productCreated, stored } from "../shop.ts";
import { crowdedOut, failing, parked, untilParked } from "./failing.ts";
import { actsOf, byStaff, done, manager, refusal, staff, untilProcessed } from "./manager.ts";

const nobody = id("controls: no such event");

Deno.test("retry makes a parked event due: once it passes, its aggregate continues by itself", async () => {
  const { event, sibling, giveWay } = await crowdedOut("controls: retry");
  await untilParked(event);
  await giveWay();
  const acts = await actsOf(() => done(`events/${event.id}/retry`, { body: { reason: "gone" } }));
  const data = { event_id: event.id, reason: "gone" };
  assertEquals(acts, [byStaff("system.event_retried", data, event.id)]);
  await untilProcessed(event.id);
  await untilProcessed(sibling.id);
  await using sql = openSql();
  const [row] =
    await sql`select version::int, base_price from products where id = ${event.aggregate_id}`;
  assertEquals({ ...row }, { version: 2, base_price: "90.00" });
});

Deno.test("retry of an event that fails again leaves it failed, with one more attempt", async () => {
  const { event } = await parked("controls: retry in vain");
  await done(`events/${event.id}/retry`, { body: {} });
  await using sql = openSql();
  const { events } = await done("process", { body: { event_ids: [event.id] } });
  const [row] = await sql`
    select attempts, error_code from private.blocked_aggregates where event_number = ${event.event_number}`;
  assert(row?.attempts >= 4);
  assertEquals(row?.error_code, "already_created");
  assertEquals(events[0].processed, false);
  assert(events[0].processing_error.length > 0);
});

Deno.test("skip sets an event aside, with who and why, and what waits behind it goes on", async () => {
  const { event, sibling } = await failing("controls: skip");
  const reason = "posted twice";
  const acts = await actsOf(() => done(`events/${event.id}/skip`, { body: { reason } }));
  assertEquals(acts, [byStaff("system.event_skipped", { event_id: event.id, reason }, event.id)]);
  await untilProcessed(sibling.id);
  const { body } = await callFunction(`events/${event.id}`, staff);
  assertEquals([body.processed, body.skip_reason], [true, reason]);
  const { changes } = await done(`events/${event.id}/changes`);
  // Its version passes, its data does not.
  assertEquals(
    changes.map((
      one: { operation: string; after: object },
    ) => [one.operation, Object.keys(one.after).sort()]),
    [
      ["update", ["updated_at", "version"]],
    ],
  );
});

Deno.test("skip of an event that has not failed is possible while it waits", async () => {
  const { sibling, event } = await failing("controls: skip behind");
  await done(`events/${sibling.id}/skip`, { body: { reason: "no longer wanted" } });
  await done(`events/${event.id}/skip`, { body: { reason: "posted twice" } });
  await untilProcessed(sibling.id);
  await using sql = openSql();
  const [row] =
    await sql`select version::int, base_price from products where id = ${event.aggregate_id}`;
  assertEquals({ ...row }, { version: 3, base_price: "100.00" });
});

Deno.test("skip without a reason, or with an empty one, is 422 and changes nothing", async () => {
  const { event } = await failing("controls: no reason");
  for (const body of [{}, { reason: "" }, { reason: "   " }, { reason: null }, { reason: 5 }]) {
    assertEquals(
      await actsOf(async () => {
        const found = await refusal(`events/${event.id}/skip`, { body });
        assertEquals(found, [422, "validation_failed"], JSON.stringify(body));
      }),
      [],
    );
  }
  const { body } = await callFunction(`events/${event.id}`, staff);
  assertEquals([body.processed, body.skip_reason], [false, null]);
});

Deno.test("retry, skip and process of an unknown event are 404", async () => {
  const acts = await actsOf(async () => {
    const unknown = [404, "event_not_found"];
    assertEquals(await refusal(`events/${nobody}/retry`, { body: {} }), unknown);
    assertEquals(await refusal(`events/${nobody}/skip`, { body: { reason: "x" } }), unknown);
    assertEquals(await refusal("process", { body: { event_ids: [nobody] } }), unknown);
    assertEquals(await refusal(`events/${nobody}/changes`), unknown);
  });
  assertEquals(acts, []);
});

Deno.test("retry, skip and process of a processed event are 409", async () => {
  const event = await stored(productCreated(id("controls: done")), staff);
  await untilProcessed(event.id);
  const acts = await actsOf(async () => {
    const already = [409, "already_processed"];
    assertEquals(await refusal(`events/${event.id}/retry`, { body: {} }), already);
    assertEquals(await refusal(`events/${event.id}/skip`, { body: { reason: "x" } }), already);
    assertEquals(await refusal("process", { body: { event_ids: [event.id] } }), already);
  });
  assertEquals(acts, []);
});

Deno.test("bad paths are 400 and bad bodies 422", async () => {
  const parameter = [400, "invalid_parameter"];
  assertEquals(await refusal("events/1/retry", { body: {} }), parameter);
  assertEquals(await refusal("events/1/skip", { body: { reason: "x" } }), parameter);
  assertEquals(await refusal("events/1/changes"), parameter);
  const refused = [422, "validation_failed"];
  assertEquals(await refusal("process", { body: { event_ids: [] } }), refused);
  assertEquals(await refusal("process", { body: { event_ids: ["x"] } }), refused);
  assertEquals(await refusal("process", { body: { event_id: nobody } }), refused);
  assertEquals(await refusal("process", { body: { event_ids: Array(101).fill(nobody) } }), refused);
  assertEquals(await refusal(`events/${nobody}/retry`, { body: { why: "x" } }), refused);
  assertEquals(await refusal("retry", { body: { error_code: "" } }), refused);
  assertEquals((await manager("process", { method: "POST" })).status, 400);
});

Deno.test("process with one unknown event among known ones does nothing at all", async () => {
  const { event } = await parked("controls: half known");
  const acts = await actsOf(async () => {
    const body = { event_ids: [event.id, nobody] };
    assertEquals(await refusal("process", { body }), [404, "event_not_found"]);
  });
  assertEquals(acts, []);
});

Deno.test("process with event_ids answers when they are done, and is itself an event", async () => {
  const { event, sibling, giveWay } = await crowdedOut("controls: process");
  await untilParked(event);
  await giveWay();
  const body = { event_ids: [event.id], reason: "the row is gone" };
  const acts = await actsOf(async () => {
    const outcome = await done("process", { body });
    assertEquals([outcome.complete, outcome.events], [true, [
      { id: event.id, processed: true, processing_error: null },
    ]]);
    assert(outcome.processed >= 2, "its sibling went on by itself");
  });
  assertEquals(acts, [byStaff("system.processing_requested", body)]);
  await untilProcessed(sibling.id);
});

Deno.test("process without event_ids processes what waits, and is itself an event", async () => {
  const event = await stored(productCreated(id("controls: process all")), staff);
  const acts = await actsOf(async () => {
    const outcome = await done("process", { body: {} });
    assertEquals([outcome.complete, outcome.events], [true, []]);
  });
  assertEquals(acts, [byStaff("system.processing_requested", {})]);
  await untilProcessed(event.id);
});

Deno.test("bulk retry takes the events with one error code and no other", async () => {
  const first = await crowdedOut("controls: bulk 1");
  const second = await crowdedOut("controls: bulk 2");
  const other = await parked("controls: bulk, other code");
  for (const { event } of [first, second]) await untilParked(event);
  for (const { giveWay } of [first, second]) await giveWay();
  await using sql = openSql();
  const [codes] = await sql`
    select count(*)::int as events from private.blocked_aggregates where error_code = '23505'`;
  const acts = await actsOf(async () => {
    const body = { error_code: "23505", reason: "rows are gone" };
    assertEquals(await done("retry", { body }), { events: codes?.events });
  });
  const data = { error_code: "23505", events: codes?.events, reason: "rows are gone" };
  assertEquals(acts, [byStaff("system.events_retried", data)]);
  for (const { event, sibling } of [first, second]) {
    await untilProcessed(event.id);
    await untilProcessed(sibling.id);
  }
  const [still] = await sql`
    select parked_at is not null as parked from private.blocked_aggregates
    where event_number = ${other.event.event_number}`;
  assertEquals(still?.parked, true);
});

Deno.test("bulk retry without a code takes them all; with an unknown one none", async () => {
  const { event } = await parked("controls: bulk all");
  assertEquals(await done("retry", { body: { error_code: "no_such_code" } }), { events: 0 });
  const { events } = await done("retry", { body: {} });
  assert(events >= 1);
  await done("process", { body: {} });
  await using sql = openSql();
  const [row] = await sql`select processing_attempts as n from events where id = ${event.id}`;
  assert(row?.n >= 4);
});

Deno.test("nobody posts a system event, nor registers one", async () => {
  const system = {
    event_type: "system.event_skipped",
    aggregate_type: "system",
    aggregate_id: "00000000-0000-4000-8000-000000000001",
    data: { event_id: nobody, reason: "forged" },
  };
  const { keys } = JSON.parse(Deno.env.get("EVENT_SOURCING_TEST_STACK") ?? "{}");
  const acts = await actsOf(async () => {
    for (const credential of [staff, { key: keys.secret }, { key: keys.agent_category }]) {
      const one = await callFunction("events", { body: system, ...credential });
      assertEquals([one.status, one.body.code], [403, "event_type_forbidden"]);
      const events = [productCreated(id("controls: batch")), system];
      const batch = await callFunction("events/batch", { body: { events }, ...credential });
      assertEquals([batch.status, batch.body.code], [403, "event_type_forbidden"]);
    }
    const definition = {
      event_type: "note.forged",
      aggregate_type: "system",
      description: "A forged act.",
      json_schema: { type: "object", required: ["a"], properties: { a: {} } },
      example: { a: 1 },
      counter_example: {},
      posted_by: ["staff"],
    };
    for (const event_type of ["note.forged", "system.forged", "system.event_skipped"]) {
      const body = { ...definition, event_type };
      const { status } = await callFunction("events/types", { body, ...staff });
      assert(status === 409 || status === 422, `${event_type}: ${status}`);
    }
  });
  assertEquals(acts, []);
});

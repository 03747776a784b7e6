import { assertEquals } from "@std/assert";
import { openSql, sqlAs } from "../../support/stack.ts";
import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "../../support/eventually.ts";
import { customerRegistered, id, post, priceChanged, productCreated, stored } from "../shop.ts";
import { actsOf, byStaff, done, refusal, staff, untilProcessed } from "./manager.ts";

/** Pauses, runs, and resumes whatever happens. */
async function paused(type: string | undefined, run: () => Promise<void>): Promise<void> {
  const what = type === undefined ? {} : { aggregate_type: type };
  await done("pause", { body: { ...what, reason: "test" } });
  try {
    await run();
  } finally {
    await done("resume", { body: { ...what } });
  }
}

async function isProcessed(eventId: string): Promise<boolean> {
  await using sql = openSql();
  const [event] = await sql`select processed from events where id = ${eventId}`;
  return event?.processed;
}

Deno.test("pause of everything: appends go on, nothing is processed, resume catches up by itself", async () => {
  const events: { id: string }[] = [];
  await paused(undefined, async () => {
    events.push(await stored(productCreated(id("pause: all")), staff));
    events.push(await stored(customerRegistered(id("pause: all, customer")), staff));
    const acts = await actsOf(async () => {
      assertEquals(await refusal("process", { body: {} }), [409, "wrong_state"]);
    });
    assertEquals(acts, []);
    await delay(300);
    for (const event of events) assertEquals(await isProcessed(event.id), false);
    const { paused, percent_processed, unprocessed, lag_seconds } = await done("status");
    assertEquals(paused.map((one: { aggregate_type: string }) => one.aggregate_type), ["*"]);
    assertEquals([paused[0].reason, paused[0].paused_by], ["test", `user:${staff.userId}`]);
    assertEquals([percent_processed < 100, unprocessed >= 2, lag_seconds > 0], [true, true, true]);
  });
  for (const event of events) await untilProcessed(event.id);
  assertEquals((await done("status")).paused, []);
});

Deno.test("pause of one type: the others flow, its own wait, resume continues by itself", async () => {
  const before = await stored(productCreated(id("pause: pump")), staff);
  await untilProcessed(before.id);
  const waiting: { id: string }[] = [];
  await paused("product", async () => {
    waiting.push(await stored(priceChanged(id("pause: pump")), staff));
    waiting.push(await stored(productCreated(id("pause: another pump")), staff));
    const flowing = await stored(customerRegistered(id("pause: customer")), staff);
    await untilProcessed(flowing.id);
    for (const event of waiting) assertEquals(await isProcessed(event.id), false);
    await done("process", { body: {} });
    const event_ids = waiting.map((event) => event.id);
    assertEquals(await refusal("process", { body: { event_ids } }), [409, "wrong_state"]);
    for (const event of waiting) assertEquals(await isProcessed(event.id), false);
  });
  for (const event of waiting) await untilProcessed(event.id);
});

Deno.test("Prefer: wait answers 202 while everything is paused", async () => {
  await paused(undefined, async () => {
    const answer = await post(productCreated(id("pause: wait")), staff, { Prefer: "wait=1" });
    assertEquals([answer.status, answer.body.processed], [202, false]);
  });
});

Deno.test("pause and resume are events, with who and why", async () => {
  const acts = await actsOf(async () => {
    await done("pause", { body: { aggregate_type: "payment", reason: "moving" } });
    await done("resume", { body: { aggregate_type: "payment", reason: "moved" } });
    await done("pause", { body: { reason: "all of it" } });
    await done("resume", { body: {} });
  });
  assertEquals(acts, [
    byStaff("system.processing_paused", { aggregate_type: "payment", reason: "moving" }),
    byStaff("system.processing_resumed", { aggregate_type: "payment", reason: "moved" }),
    byStaff("system.processing_paused", { reason: "all of it" }),
    byStaff("system.processing_resumed", {}),
  ]);
});

Deno.test("pause twice, or resume of what is not paused, is 409 and no act", async () => {
  await paused("payment", async () => {
    const acts = await actsOf(async () => {
      const again = { body: { aggregate_type: "payment", reason: "again" } };
      assertEquals(await refusal("pause", again), [409, "wrong_state"]);
      assertEquals(await refusal("resume", { body: {} }), [409, "wrong_state"]);
      const other = { body: { aggregate_type: "order" } };
      assertEquals(await refusal("resume", other), [409, "wrong_state"]);
    });
    assertEquals(acts, []);
  });
});

Deno.test("pause without a reason is 422; of a type nobody knows 404", async () => {
  const bodies = [{}, { reason: " " }, { aggregate_type: "product" }, { reason: "x", type: "y" }];
  for (const body of bodies) {
    assertEquals(await refusal("pause", { body }), [422, "validation_failed"]);
  }
  const typo = { body: { aggregate_type: "prodct", reason: "x" } };
  assertEquals(await refusal("pause", typo), [404, "aggregate_type_not_found"]);
  assertEquals((await done("status")).paused, []);
});

Deno.test("a pause of everything and one of a type end each on its own", async () => {
  let event = { id: "" };
  await paused("product", async () => {
    await paused(undefined, async () => {
      event = await stored(productCreated(id("pause: twofold")), staff);
    });
    const flowing = await stored(customerRegistered(id("pause: twofold, customer")), staff);
    await untilProcessed(flowing.id);
    assertEquals(await isProcessed(event.id), false);
  });
  await untilProcessed(event.id);
});

Deno.test("a resume while a worker takes events of the paused type leaves none behind", async () => {
  await using other = openSql();
  let event = { id: "" };
  let resumed: Promise<unknown> | undefined;
  await done("pause", { body: { aggregate_type: "product", reason: "test" } });
  try {
    await sqlAs("postgres", {}, async (transaction) => {
      // The webhook's worker must not be first: hold the partitions until the event is stored.
      await transaction`select from private.partitions for update`;
      event = await stored(productCreated(id("pause: race")), staff);
      await transaction`select public.take_events(${id("pause: worker")}, 500, 16, 30)`;
      resumed = other`select public.resume_processing('product', 'system')`.execute();
      await Promise.race([resumed, delay(500)]);
    });
  } finally {
    await (resumed ?? done("resume", { body: { aggregate_type: "product" } }));
    await other`
      update private.partitions set holder = null, leased_until = '-infinity'
      where holder = ${id("pause: worker")}`;
  }
  await eventually(async () => assertEquals((await done("status")).paused, []));
  await untilProcessed(event.id, 15);
});

import { assert, assertEquals } from "@std/assert";
import { eventually } from "../../support/eventually.ts";
import { openSql } from "../../support/stack.ts";
import { id, productCreated, stored } from "../shop.ts";
import { failing, parked } from "./failing.ts";
import { done, staff, untilProcessed } from "./manager.ts";

interface FailedEvent {
  event_id: string;
}

Deno.test("a parked event is listed with its error and attempts, and how many wait behind it", async () => {
  const { event } = await parked("status: parked");
  const status = await done("status");
  const mine = status.failed_events.find((one: FailedEvent) => one.event_id === event.id);
  const { error, parked_at, ...rest } = mine;
  assertEquals(rest, {
    event_id: event.id,
    event_number: event.event_number,
    event_type: "product.created",
    aggregate_type: "product",
    aggregate_id: event.aggregate_id,
    error_code: "already_created",
    attempts: 3,
    next_attempt_at: null,
    waiting_behind: 1,
  });
  assert(error.length > 0 && parked_at !== null);
  assertEquals(status.failed, status.failed_events.length);
});

Deno.test("an event that is still retried shows when the next attempt is due", async () => {
  const { event } = await failing("status: retried");
  const { failed_events } = await done("status");
  const mine = failed_events.find((one: FailedEvent) => one.event_id === event.id);
  assert(mine.parked_at !== null || Date.parse(mine.next_attempt_at) > 0);
  assert(mine.attempts >= 1);
});

Deno.test("one parked event among very many keeps the percentage below 100", async () => {
  await parked("status: one of many");
  await using sql = openSql();
  // As if 100 million had been processed; undone at once.
  await sql.begin(async (transaction) => {
    await transaction`
      insert into private.event_totals (partition, event_type, processed)
      values (0, 'test.never', 100000000)`;
    const [row] = await transaction`select public.database_manager_status('{}') as status`;
    assertEquals(row?.status.percent_processed, 99.99);
    assert(row?.status.unprocessed > 0);
    throw new Undo();
  }).catch(Undo.ignore);
});

Deno.test("at rest it is 100 %, with no lag; an event that nobody will take keeps it below", async () => {
  await using sql = openSql();
  await sql.begin(async (transaction) => {
    await transaction`delete from private.unprocessed_events`;
    await transaction`update events set processed = true where not processed`;
    await transaction`update private.findings set resolved_at = now() where resolved_at is null`;
    const statusNow = async () => {
      const [row] = await transaction`select public.database_manager_status('{}') as status`;
      return row?.status;
    };
    const rest = await statusNow();
    assertEquals([rest.percent_processed, rest.lag_events, rest.lag_seconds], [100, 0, 0]);
    assertEquals([rest.oldest_unprocessed, rest.unprocessed], [null, 0]);
    await transaction`
      update events set processed = false where event_number = (select max(event_number) from events)`;
    await transaction`select private.run_audit(100000, '-1 second')`;
    const lost = await statusNow();
    assert(lost.percent_processed < 100, "an unprocessed event that the audit found");
    throw new Undo();
  }).catch(Undo.ignore);
});

Deno.test("lag counts events and seconds from the oldest unprocessed one", async () => {
  const { event } = await parked("status: lag");
  await using sql = openSql();
  const [row] = await sql`
    select count(*)::int as events, min(event_number)::int as oldest,
      extract(epoch from clock_timestamp() - min(created_at))::float as seconds
    from events where not processed`;
  const status = await done("status");
  assertEquals([status.lag_events, status.oldest_unprocessed], [row?.events, row?.oldest]);
  assert(status.lag_seconds >= row?.seconds);
  assert(event.event_number >= status.oldest_unprocessed);
  assertEquals(status.unprocessed, status.waiting + status.blocked);
});

Deno.test("sixteen partitions are shown, with their holder while somebody works", async () => {
  const { partitions, workers } = await done("status");
  assertEquals(
    partitions.map((one: { partition: number }) => one.partition),
    Array.from({ length: 16 }, (_, index) => index),
  );
  assert(workers >= 0);
  await using sql = openSql();
  await sql.begin(async (transaction) => {
    const holder = id("status: worker");
    await transaction`
      update private.partitions set holder = ${holder}, heartbeat_at = now(),
        leased_until = now() + interval '1 minute' where partition = 3`;
    const [row] = await transaction`select public.database_manager_status('{}') as status`;
    const third = row?.status.partitions[3];
    assertEquals([third.holder, third.leased_until !== null], [holder, true]);
    assert(row?.status.workers >= 1);
    throw new Undo();
  }).catch(Undo.ignore);
});

Deno.test("the rate counts what was processed in the last minute", async () => {
  const event = await stored(productCreated(id("status: rate")), staff);
  await untilProcessed(event.id);
  const { rate, head, total } = await done("status");
  assert(rate.last_minute >= 1 && rate.last_hour >= rate.last_minute);
  assert(head >= event.event_number && total >= 1);
});

Deno.test("the webhook is up, configured and was seen", async () => {
  const event = await stored(productCreated(id("status: webhook")), staff);
  await untilProcessed(event.id);
  await eventually(async () => {
    const { webhook } = await done("status");
    assertEquals([webhook.worker_is_up, webhook.configured], [true, true]);
    assert(webhook.last_seen_at && webhook.last_sweep_at);
  }, 15);
});

/** Thrown to roll back what a test did to the shared stack. */
class Undo extends Error {
  static ignore(error: unknown): void {
    if (!(error instanceof Undo)) throw error;
  }
}

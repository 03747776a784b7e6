/** What staff may do to failed and waiting events never leaves an event that nobody will take. */
import { assert, assertEquals } from "@std/assert";
import type { TransactionSql } from "postgres";
import { id, post, stockUpdated, type Stored } from "./posting.ts";
import { become, undone } from "./undone.ts";
import { commit, take } from "./working.ts";

const product = id("failing product", 1);

/** Runs with three waiting events of one aggregate. */
function withThree(run: (sql: TransactionSql, events: [Stored, Stored, Stored]) => Promise<void>) {
  return undone(async (sql) => {
    await become(sql, "service_role");
    const { events } = await post(sql, [1, 2, 3].map(() => stockUpdated(product)));
    await run(sql, events as [Stored, Stored, Stored]); // as many as were posted
  });
}

async function mark(sql: TransactionSql, event: Stored, status: string): Promise<void> {
  await sql`select public.set_event_processing(${event.id}, ${status}, 'system', 'By hand')`;
}

/** Versions of the product's events that a worker gets now. */
async function due(sql: TransactionSql): Promise<number[]> {
  let taken = await take(sql);
  if (taken.events.length === 0) taken = await take(sql); // the first may only have put events aside
  return taken.events.filter((event) => event.aggregate_id === product)
    .map((event) => event.aggregate_version);
}

Deno.test("a parked event holds back the later ones of its aggregate until it is tried again", async () => {
  await withThree(async (sql, [first]) => {
    await commit(sql, await take(sql), { parked: [first.event_number] });
    assertEquals(await due(sql), []);
    await mark(sql, first, "pending");
    assertEquals(await due(sql), [1]);
  });
});

Deno.test("marking a later event as failed does not hold back the earlier ones", async () => {
  await withThree(async (sql, [, second]) => {
    await mark(sql, second, "failed");
    assertEquals(await due(sql), [1]);
  });
});

Deno.test("marking a later event as failed does not make a parked one impossible to retry", async () => {
  await withThree(async (sql, [first, second]) => {
    await commit(sql, await take(sql), { parked: [first.event_number] });
    await mark(sql, second, "failed");
    await mark(sql, first, "pending");
    assertEquals(await due(sql), [1]);
  });
});

Deno.test("a skipped event lets the later ones go on", async () => {
  await withThree(async (sql, [first]) => {
    await commit(sql, await take(sql), { parked: [first.event_number] });
    await mark(sql, first, "processed");
    const taken = await take(sql);
    const numbers = taken.events.map((event) => event.event_number);
    assert(numbers.includes(first.event_number));
    await commit(sql, taken, { processed: numbers });
    assertEquals(await due(sql), [2, 3]);
  });
});

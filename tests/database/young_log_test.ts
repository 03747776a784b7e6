/** A plan made while the log was empty is kept by its session as the log grows: it must fit both. */
import { assert, assertEquals } from "@std/assert";
import type { Sql } from "postgres";
import type { Stack } from "../support/stack.ts";
import { openSql } from "../support/stack.ts";
import { post, service, stockUpdated } from "./posting.ts";
import { openWriters, withQuietStack } from "./quiet_stack.ts";
import { commit, take } from "./working.ts";

const calls = 40;
const perCall = 50;

/** Rows of the log and of the queue that statements were given, by index or by a scan, so far. */
async function rowsGiven(stack: Stack, table: string): Promise<number> {
  await using sql = openSql(stack);
  const [row] = await sql`
    select coalesce((select sum(i.idx_tup_read) from pg_stat_user_indexes i where i.relname = ${table}), 0)::int
      + (select sum(t.seq_tup_read) from pg_stat_user_tables t where t.relname = ${table})::int as rows`;
  return row?.rows;
}

const keyed = (count: number) =>
  Array.from(
    { length: count },
    () => stockUpdated(crypto.randomUUID(), { idempotency_key: crypto.randomUUID() }),
  );

/** What a session did is told to others at the latest when it ends. */
async function doneBy(stack: Stack, work: (sql: Sql) => Promise<unknown>): Promise<void> {
  await using writers = openWriters(stack, 1);
  const [sql] = writers;
  if (!sql) throw new Error("No connection");
  await work(sql);
  await sql`select pg_stat_force_next_flush()`;
}

Deno.test("on a log that began empty, each look-up reads what it looks for", async () => {
  await withQuietStack(async (stack) => {
    await using admin = openSql(stack);
    for (const table of ["events", "aggregates", "unprocessed_events"]) {
      const schema = table === "events" ? "public" : "private";
      await admin.unsafe(`alter table ${schema}.${table} set (autovacuum_enabled = false)`);
    }
    const posted = calls * perCall;
    await doneBy(stack, async (sql) => {
      for (let call = 0; call < calls; call++) await post(sql, keyed(perCall), service);
      for (const event of keyed(calls)) await post(sql, [event], service);
    });
    const appended = await rowsGiven(stack, "events");
    assert(appended <= posted, `${appended} rows of the log read to append ${posted}`);

    await doneBy(stack, async (sql) => {
      let left = posted + calls;
      while (left > 0) {
        const taken = await take(sql);
        const numbers = taken.events.map(({ event_number }) => event_number);
        assert(numbers.length > 0, `${left} events were not taken`);
        await commit(sql, taken, { processed: numbers });
        left -= numbers.length;
      }
    });
    const read = await rowsGiven(stack, "events") - appended;
    assert(read <= 10 * posted, `${read} rows of the log read to process ${posted}`);
    const [scanned] = await admin`
      select seq_tup_read::int as rows from pg_stat_user_tables where relname = 'events'`;
    assertEquals(scanned?.rows, 0);
  });
});

/** Whatever is wrong with Realtime, appends and batches go on at once. */
import { assert, assertEquals } from "@std/assert";
import postgres, { type Sql } from "postgres";
import { openSql, type Stack, withStack } from "../../support/stack.ts";
import { commit, take } from "../../database/working.ts";
import { append } from "./append.ts";

const migration = new URL(
  "../../../supabase/migrations/20261124000520_broadcast.sql",
  import.meta.url,
);

/** A session of the superuser, and all that the database warned of in it and in `sql`. */
async function onOwnStack(run: (it: Own) => Promise<void>): Promise<void> {
  await withStack(async (stack) => {
    await Promise.all([stack.pgNet.pause(), stack.cron.pause()]);
    const warnings: string[] = [];
    const onnotice = ({ message }: postgres.Notice) => warnings.push(String(message));
    const admin = postgres(stack.adminUrl, { max: 1, onnotice });
    const sql = postgres(stack.dbUrl, { max: 1, onnotice });
    try {
      await run({ stack, admin, sql, warnings });
    } finally {
      await Promise.all([admin.end({ timeout: 1 }), sql.end({ timeout: 1 })]);
    }
  });
}

interface Own {
  stack: Stack;
  admin: Sql;
  sql: Sql;
  warnings: string[];
}

/** Takes, as a worker does, all that waits, and commits it as processed. */
async function project(sql: Sql): Promise<void> {
  await sql`update private.partitions set leased_until = '-infinity'`;
  const taken = await take(sql);
  await commit(sql, taken, { processed: taken.events.map((event) => event.event_number) });
}

const waiting = async (sql: Sql) => {
  const [row] = await sql`select count(*)::int as n from private.unprocessed_events`;
  return row?.n;
};

const openBell = (sql: Sql) => sql`update private.doorbell set closed_until = '-infinity'`;

Deno.test("no fault of Realtime reaches an append", async (test) => {
  await onOwnStack(async ({ stack, admin, sql, warnings }) => {
    await test.step("with its messages locked an append and a batch wait 50 ms a topic", async () => {
      await using other = openSql(stack);
      await other`begin`;
      await other`lock table realtime.messages in access exclusive mode`;
      const began = performance.now();
      await append(sql);
      await project(sql);
      const waited = performance.now() - began;
      await other`rollback`;
      assert(waited < 2_000, `${waited} ms`);
      assertEquals(await waiting(sql), 0);
    });

    await test.step("with realtime.send raising an append is stored and a batch commits", async () => {
      await admin`
        create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true)
        returns void language plpgsql as $$ begin raise exception 'broken'; end $$`;
      await openBell(sql);
      warnings.length = 0;
      const { event_number } = await append(sql);
      await project(sql);
      await sql`select private.sweep()`;
      assertEquals(warnings.length, 3);
      for (const warning of warnings) assert(warning.startsWith("events could not be broadcast"));
      const [row] = await sql`
        select processed from public.events where event_number = ${event_number}`;
      assertEquals(row?.processed, true);
      const [announced] = await sql`select up_to from private.announced`;
      assertEquals(announced?.up_to, "0"); // the next sweep tries again
    });

    await test.step("on a platform without Realtime nothing is said, not even a warning", async () => {
      await admin`drop schema realtime cascade`;
      await openBell(sql);
      warnings.length = 0;
      await append(sql);
      await project(sql);
      await sql`select private.sweep()`;
      assertEquals([warnings, await waiting(sql)], [[], 0]);
    });

    await test.step("the migration runs on a platform without Realtime", async () => {
      await admin`
        drop function private.broadcast_head, private.broadcast_by_number, private.broadcast_stored, private.broadcast_events`;
      await admin`drop table private.announced`;
      await sql.unsafe(await Deno.readTextFile(migration)).simple();
      await append(sql);
    });
  });
});

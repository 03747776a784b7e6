/** The sweep is what everything converges by: nothing else that runs with it may keep it from calling. */
import { assertEquals } from "@std/assert";
import type { TransactionSql } from "postgres";
import { id, post, stockUpdated } from "./posting.ts";
import { undone } from "./undone.ts";

/** Calls of the Database Manager that this transaction would send. */
async function calls(sql: TransactionSql, source: string): Promise<number> {
  const rows = await sql`
    select from net.http_request_queue
    where url like '%/functions/v1/database-manager'
      and convert_from(body, 'utf8')::jsonb ->> 'source' = ${source}`;
  return rows.length;
}

/** Runs with one event that waits, no worker about, and an empty queue of calls. */
function withAWaitingEvent(run: (sql: TransactionSql) => Promise<void>): Promise<void> {
  return undone(async (sql) => {
    await sql`update private.doorbell set closed_until = 'infinity'`;
    await post(sql, [stockUpdated(id("swept product", 1))]);
    await sql`delete from net.http_request_queue`;
    await run(sql);
  });
}

Deno.test("the sweep calls the Database Manager while an event waits", async () => {
  await withAWaitingEvent(async (sql) => {
    await sql`select private.sweep()`;
    assertEquals(await calls(sql, "sweep"), 1);
  });
});

Deno.test("the sweep calls the Database Manager although its audit fails", async () => {
  await withAWaitingEvent(async (sql) => {
    await sql`create or replace function private.audit_range(p_after bigint, p_events integer, p_older_than interval)
      returns bigint language plpgsql as 'begin raise exception ''the audit is broken''; end'`;
    await sql.savepoint((inner) => inner`select private.sweep()`).catch(() => {});
    assertEquals(await calls(sql, "sweep"), 1);
  });
});

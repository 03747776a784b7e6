/** A rebuild whose process is killed halfway is finished by itself. */
import { assert, assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { eventually } from "../../support/eventually.ts";
import { assertNothingLostNorDoubled } from "../../support/oracle.ts";
import { openSql, type Stack, withStack } from "../../support/stack.ts";
import { serviceClient } from "../../support/traffic/transports.ts";
import { crowd, watchedOf } from "./live/crowd.ts";

/** The page that reaches half of the log takes long enough to be killed in. */
async function stopHalfway(stack: Stack, events: number): Promise<void> {
  await using sql = openSql(stack);
  await sql.unsafe(`
    create function private.dawdle() returns trigger language plpgsql as $$
    begin
      if new.events_done >= ${events / 2} and old.events_done < ${events / 2} then
        perform pg_sleep(3);
      end if;
      return new;
    end;
    $$;
    create trigger rebuilds_dawdle before update on private.rebuilds
      for each row execute function private.dawdle();`);
}

async function untilHalfway(stack: Stack): Promise<void> {
  await using sql = openSql(stack);
  await eventually(async () => {
    const asleep = await sql`select from pg_stat_activity where wait_event = 'PgSleep'`;
    return asleep.length > 0;
  }, 30);
}

Deno.test("the functions are killed in the middle of a rebuild: the sweep finishes it", async () => {
  await withStack(async (stack) => {
    await using sql = openSql(stack);
    const events = 7000;
    const everyone = await crowd(serviceClient(stack), watchedOf(), events);
    await eventually(async () => {
      const waiting = await sql`select from private.unprocessed_events limit 1`;
      return waiting.length === 0;
    }, 60);
    await sql`update products set name = 'OLD' where id = any (${everyone})`;
    await stopHalfway(stack, events);

    const key = stack.keys.secret;
    const { body } = await callFunction("database-manager/rebuild", { key, body: {} }, stack);
    await untilHalfway(stack);
    await stack.functions.crash();
    const look = async () => {
      const { body: now } = await callFunction(
        `database-manager/rebuilds/${body.id}`,
        { key },
        stack,
      );
      return now;
    };
    await eventually(async () => assert((await look()).events_done >= events / 2));
    const [old] = await sql`select count(*)::int as rows from products where name = 'OLD'`;
    assertEquals(old?.rows, 8 + events / 25, "no row is switched before all are");
    assertEquals((await look()).status, "scanning");

    // As if the half minute of its lease had passed.
    await sql`update private.rebuilds set leased_until = '-infinity' where finished_at is null`;
    const done = await eventually(async () => {
      const now = await look();
      assertEquals(now.status, "completed");
      return now;
    }, 30);
    assertEquals([done.events_done, done.differing_rows], [done.events_total, 8 + events / 25]);
    await eventually(() => assertNothingLostNorDoubled(sql));
  });
});

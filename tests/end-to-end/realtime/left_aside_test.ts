/** Events that no batch processes are heard of all the same: when they step aside, or with the next sweep. */
import { assert, assertEquals } from "@std/assert";
import { commit, take } from "../../database/working.ts";
import { signIn } from "../../support/people.ts";
import { openSql, type Stack, withStack } from "../../support/stack.ts";
import type { Sql } from "postgres";
import { append, customerRegistered, productCreated } from "./append.ts";
import { about, listen, type Listener } from "./listener.ts";

interface Quiet {
  stack: Stack;
  sql: Sql;
  listener: Listener;
}

/** No webhook, no sweep, and the bell shut as while a worker drains: nothing tells of an append by itself. */
async function withShutBell(run: (quiet: Quiet) => Promise<void>): Promise<void> {
  await withStack(async (stack) => {
    await Promise.all([stack.pgNet.pause(), stack.cron.pause()]);
    const { token } = await signIn("staff", stack);
    await using sql = openSql(stack, 2);
    await using listener = await listen("events:product", { token }, stack);
    await sql`update private.doorbell set closed_until = 'infinity'`;
    await run({ stack, sql, listener });
  });
}

const messages = async (sql: Sql) => {
  const [row] = await sql`select count(*)::int as n from realtime.messages`;
  return row?.n;
};

Deno.test("with the bell shut", async (test) => {
  await withShutBell(async ({ sql, listener }) => {
    await test.step("an append says nothing", async () => {
      await append(sql);
      assertEquals(await messages(sql), 0);
    });

    await test.step("a failed event, and one that waits behind it, are heard of", async () => {
      const first = await append(sql);
      const taken = await take(sql);
      await commit(sql, taken, { processed: [], parked: [first.event_number] });
      await listener.hears(about("failed", first.event_number));
      const behind = await append(sql, {
        ...productCreated(first.aggregate_id),
        event_type: "product.stock_updated",
        data: { quantity_change: 1, reason: "Counted" },
      });
      await sql`select public.take_events(gen_random_uuid())`;
      await listener.hears(about("inserted", behind.event_number));
    });

    await test.step("an event of a paused type is heard of when a worker leaves it aside", async () => {
      await sql`select public.pause_processing('product', 'system', 'by the test')`;
      const { event_number } = await append(sql);
      await sql`select public.take_events(gen_random_uuid())`;
      await listener.hears(about("inserted", event_number));
      await sql`select public.resume_processing('product', 'system')`;
    });

    await test.step("while the Database Manager is held the sweep tells, once", async () => {
      await sql`select public.pause_processing(null, 'system', 'by the test')`;
      const { event_number } = await append(sql);
      await sql`select private.sweep()`;
      const { payload } = await listener.hears(({ event, payload }) =>
        event === "head" && payload.last === event_number
      );
      assertEquals(payload.aggregate_types, ["product"]);
      const said = await messages(sql);
      await sql`select private.sweep()`;
      assertEquals(await messages(sql), said);
    });

    await test.step("an append that commits after a later one was told of is told of by the next sweep", async () => {
      await sql`select private.sweep()`;
      const session = await sql.reserve();
      await session`begin`;
      const product = await append(session);
      const customer = await append(sql, customerRegistered());
      await sql`select private.sweep()`;
      await session`commit`;
      session.release();
      listener.heard.length = 0;
      await sql`select private.sweep()`;
      await listener.hears(about("head", product.event_number));
      assert(product.event_number < customer.event_number);
    });
  });
});

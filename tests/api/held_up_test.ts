import { assertEquals } from "@std/assert";
import { openSql, runningStack } from "../support/stack.ts";
import { id, person, post, priceChanged, productCreated, stored } from "./shop.ts";

const staff = await person("staff");

Deno.test("an append that waits for a lock holds up no request that comes after it", async () => {
  const locked = id("held up: locked");
  await stored(productCreated(locked), staff);
  await using sql = openSql(runningStack(), 2);
  const waiting = await sql.begin(async (transaction) => {
    await transaction`select from private.aggregates where aggregate_id = ${locked} for update`;
    let answered = false;
    const waiting = post(priceChanged(locked), staff).finally(() => answered = true);
    await untilWaiting(sql);
    const later = await Promise.all(
      Array.from({ length: 20 }, (_, n) => post(productCreated(id(`held up: ${n}`)), staff)),
    );
    assertEquals(later.map(({ status }) => status), Array(20).fill(201));
    assertEquals(answered, false);
    return { answer: waiting };
  });
  assertEquals((await waiting.answer).status, 201);
});

/** Resolves once a session waits for the lock of a head. */
async function untilWaiting(sql: ReturnType<typeof openSql>): Promise<void> {
  for (;;) {
    const [row] = await sql`
      select exists (select from pg_stat_activity where wait_event_type = 'Lock' and query like '%post_e%') as waiting`;
    if (row?.waiting) return;
    await new Promise((over) => setTimeout(over, 10));
  }
}

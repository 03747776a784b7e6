/** The short form of `deno task soak`. */
import { assert } from "@std/assert";
import { openSql, withStack } from "../../support/stack.ts";
import { chaos } from "./chaos.ts";

Deno.test("2,000 events of 8 clients survive kills, lost leases, bad webhooks, two managers and poison", async () => {
  await withStack(async (stack) => {
    const { mischief } = await chaos(stack, {
      seed: 2026,
      events: 2000,
      clients: 8,
      poisonPercent: 1,
    });
    for (const name of ["Postgres killed", "functions killed", "manager killed"]) {
      assert(mischief[name], `${name}: never; ${JSON.stringify(mischief)}`);
    }
    await using sql = openSql(stack);
    const [parked] = await sql<{ n: number; reasons: number }[]>`
      select count(*)::int as n, count(distinct error_code)::int as reasons
      from private.blocked_aggregates where parked_at is not null`;
    assert(parked && parked.n >= 5 && parked.reasons >= 2, `parked: ${JSON.stringify(parked)}`);
  });
});

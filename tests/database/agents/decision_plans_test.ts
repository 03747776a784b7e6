/** However many decisions, products and events there are, nobody reads more than it needs. */
import { assert, assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { openSql, type Stack } from "../../support/stack.ts";
import { explainEverything, plansOf, rowsRead, sequentialScans } from "../plans.ts";
import { withQuietStack } from "../quiet_stack.ts";
import { codeOf } from "./agency.ts";

const TABLE = "agent_decisions";
const PAGE = 20;

/** Thirty thousand executed decisions: of the oldest three hundred some were drawn for review. */
async function writeDecisions(stack: Stack): Promise<void> {
  await using sql = openSql(stack);
  await sql`
    insert into public.agent_decisions (id, version, created_at, updated_at, agent, decision_type, status, targets, proposed_events,
      evidence, confidence, rationale, level, policy_version, approvals, approved_by, expires_at, proposed_by, decided_by, review)
    select ('018f0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 3, now(), now(), 'category', 'price_change', 'executed', '[]', '[]',
      '{}', 0.9, 'Load', 4, 1, 1, '{}', now(), 'agent:category', 'system',
      case when n < 300 then case n % 10 when 0 then 'waiting' else 'done' end end
    from generate_series(1, 30000) n`;
  await sql`vacuum analyze public.agent_decisions`;
}

Deno.test("with thirty thousand decisions, those that wait for a review are found without a scan", async () => {
  await withQuietStack(async (stack) => {
    await writeDecisions(stack);
    await explainEverything(stack);
    for (const query of ["review=waiting", "review=waiting&agent=category"]) {
      const plans = await plansOf(stack, async () => {
        const path = `agents/decisions?${query}&limit=${PAGE}`;
        const { status, body } = await callFunction(path, { key: stack.keys.secret }, stack);
        assertEquals([status, body.decisions.length], [200, PAGE], JSON.stringify(body));
        for (const { review } of body.decisions) assertEquals(review, "waiting");
      });
      assertEquals(sequentialScans(plans, TABLE), []);
      const read = rowsRead(plans, TABLE);
      assert(read >= PAGE && read <= 2 * PAGE, `${query}: ${read} rows were read`);
    }
  });
});

/** Five thousand products, under SKUs from S-1 on. */
async function createProducts(stack: Stack): Promise<void> {
  await using sql = openSql(stack);
  for (let start = 1; start < 5000; start += 1000) {
    await sql`
      select public.post_events((
        select jsonb_agg(jsonb_build_object('event_type', 'product.created', 'aggregate_type', 'product', 'aggregate_id', gen_random_uuid(),
          'data', jsonb_build_object('sku', 'S-' || n, 'name', 'Pump', 'base_price', 100)))
        from generate_series(${start}::int, ${
      start + 999
    }::int) n), '{"kind": "service"}') is not null`;
  }
  await sql`vacuum analyze public.events`;
}

Deno.test("whether a SKU is taken is looked up, however many products there are", async () => {
  await withQuietStack(async (stack) => {
    await createProducts(stack);
    await explainEverything(stack);
    const event = (sku: string) => ({
      event_type: "product.created",
      aggregate_id: crypto.randomUUID(),
      data: { sku },
    });
    await using sql = openSql(stack);
    const ask = (mode: string, sku: string) =>
      sql.begin(async (one) => {
        await one`select set_config('plan_cache_mode', ${mode}, true)`;
        await one`select private.require_free_skus(${one.json([event(sku)])})`;
      });
    for (const mode of ["force_custom_plan", "force_generic_plan"]) {
      for (const [sku, code] of [["S-3000", "23505"], ["S-0", "done"]] as const) {
        const plans = await plansOf(stack, async () => {
          assertEquals(await codeOf(ask(mode, sku)), code);
        });
        assertEquals(sequentialScans(plans), []);
        const read = rowsRead(plans);
        assert(read >= 0 && read <= 1, `${sku}, ${mode}: ${read} events were read`);
      }
    }
  });
});

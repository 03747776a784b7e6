/** However many decisions there are, a list reads those it shows. */
import { assert, assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { openSql, type Stack } from "../../support/stack.ts";
import { explainEverything, plansOf, rowsRead, sequentialScans } from "../plans.ts";
import { withQuietStack } from "../quiet_stack.ts";

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

/** What the database itself refuses, and that time's work on decisions is done once. */
import { assert, assertEquals } from "@std/assert";
import type { ISql } from "postgres";
import { decisionTransitions } from "../../../shared/domain/agent_decision_status.ts";
import { eventually } from "../../support/eventually.ts";
import { openSql, type Role, sqlAs } from "../../support/stack.ts";
import { ANNA, STAFF } from "../people.ts";
import { codeOf, newType, policy, propose, proposeFor } from "./agency.ts";

const PROMOTION = {
  agent: "category",
  from_level: 2,
  to_level: 3,
  policy_version: 1,
  cases: 120,
  successes: 118,
  lower_bound: 0.94,
  brier_score: 0.02,
  calibration_error: 0.03,
};

Deno.test("the database and the domain hold the same table of transitions", async () => {
  await using sql = openSql();
  const rows =
    await sql`select event_type, from_status, to_status from private.decision_transitions`;
  const inCode = Object.entries(decisionTransitions).flatMap(([event_type, leads]) =>
    Object.entries(leads).map(([from_status, to_status]) => ({
      event_type,
      from_status,
      to_status,
    }))
  );
  const sorted = (list: readonly object[]) => list.map((one) => JSON.stringify(one)).sort();
  assertEquals(sorted(rows.map((row) => ({ ...row }))), sorted(inCode));
});

Deno.test("only signed-in staff call what people decide; no key, no customer, not even the owner", async () => {
  const type = await policy();
  await using sql = openSql();
  const id = await proposeFor(sql, type, crypto.randomUUID());
  const acts: Record<string, (sql: ISql) => Promise<unknown>> = {
    approve: (sql) => sql`select public.approve_decision(${id}, 1)`,
    "approve past the door": (sql) => sql`select private.approve_decision(${id}, 1, null)`,
    reject: (sql) => sql`select public.reject_decision(${id}, 'no')`,
    "take back": (sql) => sql`select public.compensate_decision(${id}, 'no')`,
    policy: (sql) =>
      sql`select public.set_agent_policy('category', ${type}, '{"level":4,"approvals":1,"time_to_live_seconds":9,"veto_seconds":9,"review_share":0}')`,
    stop: (sql) => sql`select public.set_agent_stopped('category', true, 'no')`,
    sign: (sql) => sql`select public.sign_promotion('category', ${type})`,
  };
  const callers: [Role, Record<string, unknown>][] = [
    ["anon", {}],
    ["service_role", {}],
    ["service_role", { sub: STAFF }],
    ["authenticated", { sub: ANNA }],
    ["postgres", {}],
  ];
  for (const [role, claims] of callers) {
    for (const [name, act] of Object.entries(acts)) {
      assertEquals(await codeOf(sqlAs(role, claims, act)), "42501", `${name} as ${role}`);
    }
  }
  for (const role of ["anon", "authenticated"] as const) {
    const claims = { sub: STAFF };
    const edit = sqlAs(
      role,
      claims,
      (sql) => sql`select public.edit_decision(${id}, 1, '{}', ${STAFF})`,
    );
    assertEquals(await codeOf(edit), "42501");
    const forged = sqlAs(role, claims, (sql) => proposeFor(sql, type, crypto.randomUUID()));
    assertEquals(await codeOf(forged), "42501");
  }
  const [row] = await sql`select private.decision_status(${id}) as status`;
  assertEquals(row?.status, "proposed");
});

Deno.test("a policy that is none, or lacks what its level needs, is refused by its function too", async () => {
  const terms = {
    event_types: ["market.sales_recorded"],
    approvals: 1,
    time_to_live_seconds: 3600,
    veto_seconds: 1,
    review_share: 0,
  };
  const price = ["product.price_changed"];
  const limits = { max_percent: 5, max_per_day: 20 };
  const refused: [string, unknown][] = [
    ["ES022", []],
    ["ES022", [{ ...terms, level: 1 }]],
    ["ES022", "level"],
    ["ES022", null],
    ["ES022", { ...terms, level: 1.5 }],
    ["ES022", { ...terms, level: "much" }],
    ["ES022", { ...terms, level: 1e12 }],
    ["ES022", { ...terms, level: 1, limits: [] }],
    ["ES022", { ...terms, level: 1, limits: 5 }],
    ["ES022", { ...terms, level: 3, limits: { ...limits, max_percent: -1 } }],
    ["ES040", { ...terms, level: 3 }],
    ["ES040", { ...terms, level: 3, limits: { max_percent: 5 } }],
    ["ES040", { ...terms, level: 4, limits: { max_per_day: 20 } }],
    ["ES022", { ...terms, level: 1, event_types: [] }],
    ["ES022", { ...terms, level: 1, event_types: "product.price_changed" }],
    ["ES022", { ...terms, level: 1, event_types: [...price, ...price] }],
    ["ES001", { ...terms, level: 1, event_types: [...price, "product.prize_changed"] }],
    ["ES001", { ...terms, level: 1, event_types: ["agent.policy_set"] }],
    ["ES040", { ...terms, level: 2, event_types: undefined }],
    ["ES040", { ...terms, level: 4, event_types: null, limits }],
    ["ES040", { ...terms, level: 2, veto_seconds: 60, time_to_live_seconds: 60 }],
    ["done", { ...terms, level: 2, veto_seconds: 59, time_to_live_seconds: 60 }],
    ["done", { ...terms, level: 1, event_types: undefined }],
    ["done", { ...terms, level: 4, limits }],
  ];
  for (const [code, one] of refused) {
    const set = sqlAs(
      "authenticated",
      { sub: STAFF },
      (sql) =>
        sql`select public.set_agent_policy('category', ${newType()}, ${
          JSON.stringify(one)
        }::text::jsonb)`,
    );
    assertEquals(await codeOf(set), code, JSON.stringify(one));
  }
});

Deno.test("a promotion to level 3 is not signed while the policy has no limits", async () => {
  const signed = async (limits: Record<string, unknown>) => {
    const type = await policy({ level: 2, limits });
    await using sql = openSql();
    await sql`select private.append_fact('agent.promotion_proposed', private.policy_id('category', ${type}),
      ${sql.json({ ...PROMOTION, decision_type: type })}, 'system')`;
    return await codeOf(
      sqlAs(
        "authenticated",
        { sub: STAFF },
        (s) => s`select public.sign_promotion('category', ${type})`,
      ),
    );
  };
  assertEquals(await signed({ max_percent: 5 }), "ES040");
  assertEquals(await signed({ max_percent: 5, max_per_day: 20 }), "done");
});

Deno.test("the database refuses what cannot be the events of a decision, checked or not", async () => {
  const type = await policy();
  await using sql = openSql();
  const market = crypto.randomUUID();
  const id = await proposeFor(sql, type, market);
  const event = {
    event_type: "market.sales_recorded",
    aggregate_type: "market",
    aggregate_id: market,
    data: { from: "2025-10-06", days: 7, quantity: 15, unit_price: 5999 },
    schema_version: 1,
  };
  const edit = (proposed_events: unknown) =>
    codeOf(
      sql`select public.edit_decision(${id}, 1, ${
        JSON.stringify({ proposed_events, magnitude: null })
      }::text::jsonb, ${STAFF})`,
    );
  const none = [[], null, {}, Array(101).fill(event), [1], [{ ...event, data: 5 }]];
  for (const events of [...none, [{ ...event, data: [] }], [event, { ...event, data: null }]]) {
    assertEquals(await edit(events), "ES039", JSON.stringify(events).slice(0, 200));
    const forged = proposeFor(sql, type, market, { proposed_events: events });
    assertEquals(await codeOf(forged), "ES039");
  }
  assertEquals(await edit(Array(100).fill(event)), "done");
});

Deno.test("two sessions approve at the same instant: one does, whatever the other waited for", async () => {
  const type = await policy();
  await using sql = openSql();
  const id = await proposeFor(sql, type, crypto.randomUUID());
  const answers = await Promise.all(
    Array.from(
      { length: 4 },
      () =>
        codeOf(
          sqlAs(
            "authenticated",
            { sub: STAFF },
            (s) => s`select public.approve_decision(${id}, 1)`,
          ),
        ),
    ),
  );
  assertEquals(answers.sort(), ["ES032", "ES032", "ES032", "done"]);
  const [row] = await sql`
    select count(*)::int as events from public.events where idempotency_key like ${`decision:${id}:%`}`;
  assertEquals(row?.events, 1);
});

Deno.test("a thousand proposals expire, are superseded or executed, each once, by ten sessions at once", async () => {
  const unvetoed = await policy({ level: 2, veto_seconds: 1 });
  const expiring = await policy({ time_to_live_seconds: 1 });
  const superseded = await policy();
  await using sql = openSql(undefined, 10);
  // In few transactions: what matters here is not committing a thousand times.
  await Promise.all([
    sql.begin((one) => propose(one, unvetoed, 336)),
    sql.begin((one) => propose(one, expiring, 336)),
    sql.begin(async (one) => {
      for (const product of await propose(one, superseded, 168)) {
        await proposeFor(one, superseded, product);
      }
    }),
  ]);
  await eventually(async () => {
    await Promise.all(Array.from({ length: 10 }, () => sql`select public.agents_tick(100)`));
    const [open] = await sql`
      select count(*)::int as n from private.decisions
      where status = 'proposed' and decision_type in (${unvetoed}, ${expiring})`;
    return open?.n === 0;
  }, 60);
  const statuses = await sql`
    select decision_type, private.decision_status(decision_id) as status, status as noted, count(*)::int as n
    from private.decisions where decision_type in (${unvetoed}, ${expiring}, ${superseded})
    group by 1, 2, 3 order by n, status`;
  assertEquals(
    statuses.map(({ status, noted, n }) => [status, noted, n]),
    [
      ["proposed", "proposed", 168],
      ["superseded", "superseded", 168],
      ["executed", "executed", 336],
      ["expired", "expired", 336],
    ].sort((a, b) => Number(a[2]) - Number(b[2]) || (String(a[0]) < String(b[0]) ? -1 : 1)),
  );
  const [twice] = await sql`
    select count(*)::int as n, count(distinct e.metadata ->> 'decision_id')::int as decisions
    from public.events e join private.decisions d on d.decision_id = (e.metadata ->> 'decision_id')::uuid
    where e.event_type = 'market.sales_recorded' and d.decision_type in (${unvetoed}, ${expiring}, ${superseded})`;
  assertEquals([twice?.n, twice?.decisions], [336, 336]);
  const left = await sql`
    select from private.open_targets o join private.decisions d using (decision_id)
    where d.status <> 'proposed' and d.decision_type in (${unvetoed}, ${expiring}, ${superseded})`;
  assert(left.length === 0);
});

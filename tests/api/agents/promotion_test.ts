/** A record of real decisions, and what the platform makes of it by itself. */
import { assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { eventually } from "../../support/eventually.ts";
import { openSql, sqlAs } from "../../support/stack.ts";
import { codeOf, policy, proposeFor } from "../../database/agents/agency.ts";
import { backend, categoryAgent, person } from "../shop.ts";
import { recordOf, tick, told } from "./agency.ts";

const staff = await person("staff");
const AGENT = "category";

/** Decisions that were proposed and answered, the oldest first: true was approved, false rejected. */
async function answered(type: string, answers: readonly boolean[]): Promise<void> {
  await using sql = openSql();
  await sql.begin(async (one) => {
    const ids = await Promise.all(answers.map(() => proposeFor(one, type, crypto.randomUUID())));
    await one`select set_config('request.jwt.claims',
      ${
      JSON.stringify({ role: "authenticated", sub: staff.userId })
    }, true), set_config('role', 'authenticated', true)`;
    await Promise.all(
      ids.map((id, index) =>
        answers[index]
          ? one`select public.approve_decision(${id}, 1)`
          : one`select public.reject_decision(${id}, 'wrong_data')`
      ),
    );
  });
}

/** As many answers as `no` and `yes` say, the rejections first. */
function mixed(no: number, yes: number): boolean[] {
  return [...Array(no).fill(false), ...Array(yes).fill(true)];
}

/** The record once its latest case was looked at. */
async function reviewed(type: string) {
  await using sql = openSql();
  await eventually(async () => {
    await tick();
    const due = await sql`select from private.record_reviews where decision_type = ${type}`;
    return due.length === 0;
  }, 30);
  return await recordOf(type);
}

Deno.test("a hundred good cases earn a proposal of promotion, and a person's signature the level", async () => {
  const type = await policy();
  await answered(type, mixed(0, 99));
  const almost = await reviewed(type);
  assertEquals([almost.since_policy.cases, almost.since_policy.missing], [99, ["cases"]]);
  assertEquals(almost.promotion, null);

  await answered(type, [true]);
  const { promotion, policy: before, since_policy } = await reviewed(type);
  assertEquals([promotion.event_type, promotion.created_by], [
    "agent.promotion_proposed",
    "system",
  ]);
  const { from_level, to_level, cases, successes, lower_bound } = promotion.data;
  assertEquals([from_level, to_level, cases, successes], [1, 2, 100, 100]);
  assertEquals(lower_bound, since_policy.lower_bound);
  // Earned is not given.
  assertEquals(before.level, 1);

  const path = `agents/${AGENT}/policies/${type}/promotion/sign`;
  for (const credential of [backend(), categoryAgent(), await person("customer")]) {
    assertEquals((await callFunction(path, { body: {}, ...credential })).status, 403);
  }
  assertEquals((await recordOf(type)).policy.level, 1);

  const signed = await callFunction(path, { body: {}, ...staff });
  assertEquals([signed.status, signed.body.event_type], [200, "agent.policy_set"]);
  assertEquals([signed.body.created_by, signed.body.causation_id], [
    `user:${staff.userId}`,
    promotion.id,
  ]);
  const after = await recordOf(type);
  assertEquals([after.policy.level, after.policy.version, after.promotion], [2, 3, null]);
  // A new level begins a new record.
  assertEquals([after.since_policy.cases, after.all_time.cases], [0, 100]);
  const again = await callFunction(path, { body: {}, ...staff });
  assertEquals(told(again), [404, "promotion_not_found"]);
});

Deno.test("a promotion that the record no more allows is not signed, and taken back", async () => {
  const type = await policy();
  await answered(type, mixed(0, 100));
  const { promotion } = await reviewed(type);
  assertEquals(promotion.data.to_level, 2);
  // 95 of 100: the lower bound is below 0.9.
  await using sql = openSql();
  await sql.begin(async (one) => {
    const cases = await one`select decision_id from private.decisions where decision_type = ${type}
      order by decision_id limit 5`;
    await Promise.all(
      cases.map(({ decision_id }) =>
        one`select public.record_outcome(${decision_id}, '{"outcome": "bad"}', '{"kind": "service"}')`
      ),
    );
  });
  const sign = await codeOf(sqlAs(
    "authenticated",
    { sub: staff.userId },
    (one) => one`select public.sign_promotion(${AGENT}, ${type})`,
  ));
  assertEquals(sign, "ES038");
  const path = `agents/${AGENT}/policies/${type}/promotion/sign`;
  const signed = await callFunction(path, { body: {}, ...staff });
  assertEquals(told(signed), [404, "promotion_not_found"]);
  const fallen = await recordOf(type);
  assertEquals([fallen.policy.level, fallen.promotion], [1, null]);
  const [withdrawn] = await sql`select data, causation_id from events
    where event_type = 'agent.promotion_withdrawn' and data ->> 'decision_type' = ${type}`;
  assertEquals([withdrawn?.data.successes, withdrawn?.causation_id], [95, promotion.id]);
  // Earned again, it is proposed again.
  await answered(type, mixed(0, 60));
  assertEquals((await reviewed(type)).promotion.data.cases, 160);
});

Deno.test("a signature brings what the next level needs of the policy", async () => {
  const type = await policy({ event_types: undefined });
  await answered(type, mixed(0, 100));
  await reviewed(type);
  const sign = (body: unknown) =>
    callFunction(`agents/${AGENT}/policies/${type}/promotion/sign`, { body, ...staff });
  assertEquals(told(await sign({})), [422, "limits_required"]);
  assertEquals(told(await sign({ event_types: ["market.sale"] })), [422, "unknown_event_type"]);
  assertEquals(told(await sign({ level: 4 })), [422, "validation_failed"]);
  const event_types = ["market.sales_recorded"];
  const { data } = (await sign({ event_types })).body;
  assertEquals([data.level, data.event_types, data.approvals], [2, event_types, 1]);
});

Deno.test("drift ends autonomy as soon as it is beyond chance", async () => {
  const type = await policy({ level: 2, veto_seconds: 3599 });
  // 41 of 50: the upper bound is 0.902, which could still be an agent of 0.9.
  await answered(type, [true, ...mixed(9, 40)]);
  assertEquals((await reviewed(type)).policy.level, 2);
  await answered(type, [false]);
  const { policy: fallen } = await reviewed(type);
  assertEquals([fallen.level, fallen.from_level, fallen.cause], [1, 2, "drift"]);
});

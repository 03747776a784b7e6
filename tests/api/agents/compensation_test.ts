import { assert, assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { eventually } from "../../support/eventually.ts";
import { openSql } from "../../support/stack.ts";
import { backend, categoryAgent, eventsOf, person, priceChanged, stored } from "../shop.ts";
import {
  answer,
  approve,
  decision,
  newProduct,
  newType,
  priceTo,
  proposal,
  proposed,
  setPolicy,
  told,
} from "./agency.ts";

const staff = await person("staff");
const approver = await person("approver");
const WHY = { reason: "The competitor's offer was a mistake" };

const compensate = (id: string, credential: { token?: string; key?: string } = staff) =>
  answer(id, "compensate", WHY, credential);

/** A decision from 100 to 95 that says how to take it back, under a policy of its own. */
async function reversible(terms: Record<string, unknown> = {}, change = {}, agent = "category") {
  const type = newType();
  await setPolicy(type, terms, agent);
  const product = await newProduct();
  const compensation = [priceTo(product, 100)];
  const id = await proposed(proposal(type, product, { agent, compensation, ...change }));
  return { type, product, id };
}

Deno.test("an executed decision is taken back once, by events that its execution caused", async () => {
  const { id, product } = await reversible();
  assertEquals((await approve(id, staff)).body.status, "executed");
  const answers = await Promise.all(
    [staff, approver, staff, approver].map((one) => compensate(id, one)),
  );
  assertEquals(answers.map(({ status }) => status).sort(), [200, 409, 409, 409]);
  const late = answers.find(({ status }) => status === 409);
  assertEquals(late?.body.code, "decision_settled");

  const done = answers.find(({ status }) => status === 200)?.body;
  const history = await callFunction(`events/aggregate/agent_decision/${id}/history`, staff);
  const executed = history.body.events.find((event: { event_type: string }) =>
    event.event_type === "agent.decision_executed"
  );
  const [undone] = done.events;
  assertEquals([undone.causation_id, done.answer.causation_id], [executed.id, executed.id]);
  assertEquals(undone.created_by, done.answer.created_by);
  assertEquals(undone.metadata, { decision_id: id });
  assertEquals(done.answer.data, { ...WHY, event_ids: [undone.id] });
  assertEquals(await eventsOf(product), 3);
  await using sql = openSql();
  await eventually(async () => {
    const [row] = await sql`
      select p.base_price::float as price, d.status, d.compensated_by, d.compensation_reason
      from public.products p, public.agent_decisions d where p.id = ${product} and d.id = ${id}`;
    assertEquals({ ...row }, {
      price: 100,
      status: "compensated",
      compensated_by: done.answer.created_by,
      compensation_reason: WHY.reason,
    });
  }, 30);
  const measured = await answer(id, "outcome", { outcome: "good" }, staff);
  assertEquals(told(measured), [409, "decision_settled"]);
});

Deno.test("what was not executed, or names no compensation, is not taken back", async () => {
  const open = await reversible();
  assertEquals(told(await compensate(open.id)), [409, "not_compensable"]);
  assertEquals(told(await compensate(crypto.randomUUID())), [404, "decision_not_found"]);
  const final = await reversible({}, { compensation: undefined });
  assertEquals((await approve(final.id, staff)).body.status, "executed");
  assertEquals(told(await compensate(final.id)), [409, "not_compensable"]);
  const shadow = await reversible({ level: 0 });
  assertEquals((await answer(shadow.id, "outcome", { outcome: "bad" }, staff)).status, 200);
  assertEquals(told(await compensate(shadow.id)), [409, "not_compensable"]);
  for (const { product } of [open, shadow]) assertEquals(await eventsOf(product), 1);
});

Deno.test("no key and no customer takes a decision back, and nobody without a reason", async () => {
  const { id, product } = await reversible();
  await approve(id, staff);
  for (const credential of [backend(), categoryAgent(), await person("customer"), {}]) {
    const { status } = await compensate(id, credential);
    assert(status === 401 || status === 403, `${status}`);
  }
  for (const body of [{}, { reason: " " }]) {
    assertEquals((await answer(id, "compensate", body, staff)).status, 422);
  }
  assertEquals(await eventsOf(product), 2);
});

Deno.test("a target that moved since the execution is shown, and nothing is posted", async () => {
  const { id, product } = await reversible();
  await approve(id, staff);
  await stored(priceChanged(product), backend());
  const refused = await compensate(id);
  assertEquals(told(refused), [409, "target_moved"]);
  assertEquals(refused.body.targets, [{
    aggregate_type: "product",
    aggregate_id: product,
    version: 2,
    current_version: 3,
  }]);
  assertEquals([(await decision(id)).status, await eventsOf(product)], ["executed", 3]);
});

Deno.test("what a stopped agent did by itself is taken back, counts against it and ends its autonomy", async () => {
  const agent = `undone_${newType()}`;
  const limits = { max_percent: 10, max_per_day: 9 };
  const { id, type } = await reversible({ level: 3, limits }, {}, agent);
  assertEquals((await decision(id)).status, "executed");
  assertEquals((await callFunction(`agents/${agent}/stop`, { body: WHY, ...staff })).status, 200);
  assertEquals((await compensate(id)).body.status, "compensated");
  const { body } = await callFunction(`agents/${agent}/record`, staff);
  const [record] = body.decision_types;
  assertEquals([record.decision_type, record.policy.level, record.policy.cause], [
    type,
    1,
    "compensated",
  ]);
  assertEquals([record.all_time.cases, record.all_time.successes], [1, 0]);
});

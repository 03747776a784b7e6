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
  propose,
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
  const compensation = [priceTo(product, 100, 95)];
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

Deno.test("a compensation ends where the decision began, and says what was; else it is no proposal", async () => {
  const type = newType();
  await setPolicy(type);
  const product = await newProduct();
  const refuse = async (...compensation: unknown[]) => {
    const { body } = await propose(proposal(type, product, { compensation }));
    return [body.code, body.errors?.[0]?.pointer];
  };
  const elsewhere = priceTo(product, 0.01, 95);
  assertEquals(await refuse(elsewhere), ["invalid_proposal", "/compensation/0"]);
  const untrue = ["invalid_proposal", "/compensation/0/data/old_price"];
  assertEquals(await refuse(priceTo(product, 100, 50)), untrue);
  assertEquals(await refuse(elsewhere, priceTo(product, 100, 0.01)), [undefined, undefined]);
  const stranger = priceTo(await newProduct(), 100, 95);
  const stray = ["invalid_proposal", "/compensation/0/aggregate_id"];
  assertEquals(await refuse(stranger), stray);
  const stock = { ...elsewhere, event_type: "product.stock_updated" };
  const counted = { ...stock, data: { stock_quantity: 7, reason: "By the way" } };
  const aside = ["invalid_proposal", "/compensation/1"];
  assertEquals(await refuse(priceTo(product, 100, 95), counted), aside);
  const nothing = { ...elsewhere, event_type: "product.updated", data: { name: "Pump" } };
  assertEquals(await refuse(nothing), ["invalid_proposal", "/compensation/0"]);
});

Deno.test("an edit brings a compensation of its own, or there is none", async () => {
  const without = await reversible();
  const edit = (product: string, change = {}) => ({
    version: 1,
    proposed_events: [priceTo(product, 97)],
    ...change,
  });
  const yes = (id: string, body: unknown) => answer(id, "approve", body, staff);
  assertEquals((await yes(without.id, edit(without.product))).body.status, "executed");
  assertEquals((await decision(without.id)).compensation, null);
  assertEquals(told(await compensate(without.id)), [409, "not_compensable"]);
  assertEquals(await eventsOf(without.product), 2);

  const { id, product } = await reversible();
  const stale = await yes(id, edit(product, { compensation: [priceTo(product, 100, 95)] }));
  assertEquals(told(stale), [422, "invalid_proposal"]);
  assertEquals(stale.body.errors[0].pointer, "/compensation/0/data/old_price");
  const compensation = [priceTo(product, 100, 97)];
  assertEquals((await yes(id, { version: 1, compensation })).status, 422);
  assertEquals((await yes(id, edit(product, { compensation }))).body.status, "executed");
  const [undone] = (await compensate(id)).body.events;
  assertEquals([undone.data.old_price, undone.data.new_price], [97, 100]);
});

Deno.test("what the backend stored past the functions is held against the log before it is posted", async () => {
  const type = newType();
  await setPolicy(type);
  const product = await newProduct();
  const stated = proposal(type, product, { evidence: [] });
  const checked = (event: unknown) => ({ ...Object(event), schema_version: 1 });
  const content = {
    ...stated,
    proposed_events: stated.proposed_events.map(checked),
    compensation: [checked(priceTo(product, 0.01))],
  };
  await using sql = openSql();
  const [row] = await sql`
    select public.propose_decision(jsonb_build_object('stated', ${
    JSON.stringify(content)
  }::text::jsonb,
      'magnitude', null), '{"kind":"service"}') ->> 'decision_id' as id`;
  assertEquals((await approve(row?.id, staff)).body.status, "executed");
  const refused = await compensate(row?.id);
  assertEquals(told(refused), [409, "not_compensable"]);
  assertEquals(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer), [
    "/compensation/0/data/old_price",
    "/compensation/0",
  ]);
  assertEquals(await eventsOf(product), 2);
});

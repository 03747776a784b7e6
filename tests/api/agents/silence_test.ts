/** What silence, and an agent by itself, may do once the settings that a decision rests on were replaced. */
import { setTimeout as delay } from "node:timers/promises";
import { assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { eventually } from "../../support/eventually.ts";
import { openSql } from "../../support/stack.ts";
import { backend, eventsOf, person, productCreated } from "../shop.ts";
import {
  approve,
  decision,
  newProduct,
  newType,
  proposal,
  propose,
  proposed,
  setPolicy,
  tick,
} from "./agency.ts";

const staff = await person("staff");

const rulesSet = (category: string, minimum_margin_percent: number) => ({
  event_type: "category.pricing_rules_set",
  aggregate_type: "category",
  aggregate_id: crypto.randomUUID(),
  data: { category, minimum_margin_percent },
});

/** Sets the rules of a category, each time as another aggregate, and returns the event's id. */
async function setRules(category: string, margin: number): Promise<string> {
  const event = rulesSet(category, margin);
  const { status, body } = await callFunction("events", { ...backend(), body: event });
  assertEquals(status, 201, JSON.stringify(body));
  return body.id;
}

Deno.test("silence executes nothing that rests on rules which were replaced, and the rest", async () => {
  const type = newType();
  await setPolicy(type, { level: 2, veto_seconds: 2 });
  const [moved, kept] = [`test-${crypto.randomUUID()}`, `test-${crypto.randomUUID()}`];
  const [outdated, current] = [await newProduct(), await newProduct()];
  const rules = await setRules(moved, 20);
  const held = await proposed(proposal(type, outdated, { evidence: [rules] }));
  const executed = await proposed(
    proposal(type, current, { evidence: [await setRules(kept, 20)] }),
  );
  await setRules(moved, 40);
  await eventually(async () => {
    await tick();
    assertEquals((await decision(executed)).status, "executed");
    const { status, held: why } = await decision(held);
    assertEquals([status, why], ["proposed", "evidence_replaced"]);
  }, 30);
  assertEquals([await eventsOf(outdated), await eventsOf(current)], [1, 2]);
  // People see both and may say yes.
  assertEquals((await approve(held, staff, 2)).body.status, "executed");
});

Deno.test("an agent that acts by itself on rules which were replaced waits for people", async () => {
  const type = newType();
  await setPolicy(type, { level: 3, limits: { max_percent: 10, max_per_day: 9 } });
  const category = `test-${crypto.randomUUID()}`;
  const before = await setRules(category, 20);
  const now = await setRules(category, 40);
  const [outdated, current] = [await newProduct(), await newProduct()];
  const held = await proposed(proposal(type, outdated, { evidence: [before] }, 95));
  assertEquals((await decision(held)).held, "evidence_replaced");
  const done = await propose(proposal(type, current, { evidence: [now] }, 95));
  assertEquals(done.body.status, "executed");
  assertEquals([await eventsOf(outdated), await eventsOf(current)], [1, 2]);
});

/** A product at version 1 of a category, in its table. */
async function productIn(category: string): Promise<string> {
  const id = crypto.randomUUID();
  const created = productCreated(id);
  const answer = await callFunction("events", {
    ...backend(),
    body: { ...created, data: { ...created.data, category } },
    headers: { Prefer: "wait=10" },
  });
  assertEquals(answer.body.processed, true, JSON.stringify(answer.body));
  return id;
}

Deno.test("the first rules of a category count, too, and so do those that an agent does not name", async () => {
  const type = newType();
  await setPolicy(type, { level: 2, veto_seconds: 2 });
  const category = `test-${crypto.randomUUID()}`;
  const [governed, free] = [await productIn(category), await productIn(`${category}-2`)];
  const held = await proposed(proposal(type, governed));
  const executed = await proposed(proposal(type, free));
  assertEquals((await decision(held)).standing.evidence_replaced, false);
  const rules = await setRules(category, 20);
  assertEquals((await decision(held)).standing.evidence_replaced, true);
  await eventually(async () => {
    await tick();
    assertEquals((await decision(executed)).status, "executed");
    assertEquals((await decision(held)).held, "evidence_replaced");
  }, 30);
  await setPolicy(type, { level: 3, limits: { max_percent: 10, max_per_day: 9 } });
  const unnamed = await propose(proposal(type, governed));
  assertEquals(unnamed.body.status, "proposed");
  const named = await propose(proposal(type, governed, { evidence: [rules] }));
  assertEquals(named.body.status, "executed");
});

Deno.test("rules set anew to the same, or named beside those they replaced, hold nothing up", async () => {
  const type = newType();
  await setPolicy(type, { level: 3, limits: { max_percent: 10, max_per_day: 9 } });
  const category = `test-${crypto.randomUUID()}`;
  const first = await setRules(category, 20);
  await setRules(category, 20);
  const same = await propose(proposal(type, await productIn(category), { evidence: [first] }));
  assertEquals(same.body.status, "executed");
  const evidence = [first, await setRules(category, 30)];
  const both = await propose(proposal(type, await productIn(category), { evidence }));
  assertEquals(both.body.status, "executed");
});

Deno.test("once new rules are answered nothing is executed under the old ones, however they race", async () => {
  const type = newType();
  await setPolicy(type, { level: 2, veto_seconds: 1 });
  const category = `test-${crypto.randomUUID()}`;
  const evidence = [await setRules(category, 20)];
  const product = await productIn(category);
  const pending = await proposed(proposal(type, product, { evidence }));
  await delay(1_100);
  await using sql = openSql();
  const ticked = await sql.begin(async (sql) => {
    await sql`select public.post_events(${
      sql.json([rulesSet(category, 40)])
    }, '{"kind":"service"}')`;
    const ticking = tick();
    assertEquals(await Promise.race([ticking, delay(300)]), undefined); // it waits for these rules
    return { ticking };
  });
  assertEquals((await ticked.ticking).status, 200);
  assertEquals((await decision(pending)).held, "evidence_replaced");
  assertEquals(await eventsOf(product), 1);
});

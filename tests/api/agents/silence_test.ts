/** What silence, and an agent by itself, may do once the settings that a decision rests on were replaced. */
import { assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { eventually } from "../../support/eventually.ts";
import { backend, eventsOf, person } from "../shop.ts";
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

/** Sets the rules of a category, each time as another aggregate, and returns the event's id. */
async function setRules(category: string, minimum_margin_percent: number): Promise<string> {
  const event = {
    event_type: "category.pricing_rules_set",
    aggregate_type: "category",
    aggregate_id: crypto.randomUUID(),
    data: { category, minimum_margin_percent },
  };
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

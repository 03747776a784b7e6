import { assert, assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { eventually } from "../../support/eventually.ts";
import { categoryAgent, eventsOf, person } from "../shop.ts";
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
  recordOf,
  setPolicy,
  tick,
  told,
} from "./agency.ts";

const staff = await person("staff");

Deno.test("in shadow nothing can be approved, and an outcome can still be judged", async () => {
  const type = newType();
  await setPolicy(type, { level: 0 });
  const product = await newProduct();
  const shadow = await propose(proposal(type, product));
  assertEquals(shadow.body.status, "shadowed");
  assertEquals(told(await approve(shadow.body.decision_id, staff)), [409, "decision_settled"]);
  const measured = await answer(shadow.body.decision_id, "outcome", { outcome: "good" }, staff);
  assertEquals(measured.status, 200);
  assertEquals(await eventsOf(product), 1);
});

Deno.test("what nobody vetoes in time is executed once, by the policy", async () => {
  const type = newType();
  await setPolicy(type, { level: 2, veto_seconds: 1, limits: { max_percent: 10 } });
  const [spared, vetoed] = [await newProduct(), await newProduct()];
  const no = await proposed(proposal(type, vetoed));
  const yes = await proposed(proposal(type, spared));
  const veto = await answer(no, "reject", { reason_code: "bad_timing" }, staff);
  assertEquals(veto.body.status, "vetoed");
  await eventually(async () => {
    await Promise.all([tick(), tick(), tick()]);
    assertEquals((await decision(yes)).status, "executed");
  }, 30);
  assertEquals([await eventsOf(spared), await eventsOf(vetoed)], [2, 1]);
  const done = await decision(yes);
  assertEquals([done.decided_by, done.approved_by], ["system", []]);
});

Deno.test("within its limits an agent acts at once, beyond them it waits for people", async () => {
  const type = newType();
  await setPolicy(type, { level: 3, limits: { max_percent: 10, max_amount: 50, max_per_day: 9 } });
  const [small, large] = [await newProduct(), await newProduct()];
  const done = await propose(proposal(type, small, {}, 95), categoryAgent());
  assertEquals([done.status, done.body.status], [201, "executed"]);
  assertEquals(await eventsOf(small), 2);
  const waits = await propose(proposal(type, large, {}, 80), categoryAgent());
  assertEquals([waits.body.status, waits.body.event.data.held], ["proposed", "max_percent"]);
  assertEquals(waits.body.event.data.magnitude, { amount: 20, percent: 20 });
  assertEquals(await eventsOf(large), 1);
  // It asked, as it should: its level stays.
  assertEquals((await recordOf(type)).policy.level, 3);
});

Deno.test("many small steps in one decision are one large change, there and back included", async () => {
  const type = newType();
  await setPolicy(type, { level: 3, limits: { max_percent: 5, max_per_day: 100 } });
  const courses = [
    [[96, 92.5], 7.5],
    [[96, 100], 8],
    [Array.from({ length: 100 }, (_, n) => 100 * 0.955 ** (n + 1)).map(toCent), 99],
  ] as const;
  for (const [prices, percent] of courses) {
    const product = await newProduct();
    const proposed_events = prices.map((price, i) => priceTo(product, price, prices[i - 1]));
    const { body } = await propose(proposal(type, product, { proposed_events }), categoryAgent());
    assertEquals([body.status, body.event.data.held], ["proposed", "max_percent"]);
    assertEquals(body.event.data.magnitude, { amount: percent, percent });
    assertEquals(await eventsOf(product), 1);
  }
  // Two steps that together stay within the limit, on each of two products.
  const [one, other] = [await newProduct(), await newProduct()];
  const within = await propose(proposal(type, one, {
    targets: [one, other].map((aggregate_id) => ({
      aggregate_type: "product",
      aggregate_id,
      version: 1,
    })),
    proposed_events: [
      priceTo(one, 98),
      priceTo(other, 97),
      priceTo(one, 96, 98),
      priceTo(other, 96, 97),
    ],
  }));
  assertEquals(within.body.event.data.magnitude, { amount: 4, percent: 4 });
  assertEquals(within.body.status, "executed");
});

function toCent(price: number): number {
  return Math.round(price * 100) / 100;
}

Deno.test("an old price that was not so is neither believed nor stored", async () => {
  const type = newType();
  await setPolicy(type, { level: 3, limits: { max_percent: 10, max_per_day: 9 } });
  const product = await newProduct();
  const lie = { ...priceTo(product, 50), data: { old_price: 51, new_price: 50, reason: "small" } };
  for (const proposed_events of [[lie], [priceTo(product, 51), { ...lie }, priceTo(product, 60)]]) {
    const refused = await propose(proposal(type, product, { proposed_events }));
    const { pointer } = refused.body.errors[0];
    const place = proposed_events.length === 1 ? 0 : 2;
    assertEquals([...told(refused), pointer], [
      422,
      "invalid_proposal",
      `/proposed_events/${place}/data/old_price`,
    ]);
  }
  assertEquals(await eventsOf(product), 1);
});

Deno.test("what a person proposes for an agent waits for another person, and is no case of its record", async () => {
  const type = newType();
  await setPolicy(type, { level: 3, limits: { max_percent: 10, max_per_day: 9 } });
  const product = await newProduct();
  const own = await propose(proposal(type, product), staff);
  assertEquals([own.body.status, own.body.event.data.level], ["proposed", 1]);
  assertEquals(told(await approve(own.body.decision_id, staff)), [403, "own_decision"]);
  assertEquals((await approve(own.body.decision_id, await person("approver"))).status, 200);
  assertEquals((await recordOf(type)).all_time.cases, 0);
});

Deno.test("a change whose size nobody can measure is within no limit of size", async () => {
  const type = newType();
  const limits = { max_percent: 10, max_per_day: 9 };
  await setPolicy(type, { level: 4, limits, event_types: ["product.discontinued"] });
  const product = await newProduct();
  const end = {
    event_type: "product.discontinued",
    aggregate_type: "product",
    aggregate_id: product,
    data: { reason: "Nobody buys it" },
  };
  const waits = await propose(proposal(type, product, { proposed_events: [end] }));
  assertEquals([waits.body.status, waits.body.event.data.magnitude], ["proposed", null]);
});

Deno.test("small steps that together are too large break the limit, and end autonomy", async () => {
  const type = newType();
  await setPolicy(type, { level: 3, limits: { max_percent: 10, max_per_day: 9 } });
  const product = await newProduct();
  assertEquals((await propose(proposal(type, product, {}, 93))).body.status, "executed");
  const targets = [{ aggregate_type: "product", aggregate_id: product, version: 2 }];
  const second = await propose(
    proposal(type, product, { targets, proposed_events: [priceTo(product, 86, 93)] }),
  );
  assertEquals(second.body.status, "proposed");
  assertEquals((await decision(second.body.decision_id)).held, "sum_per_target");
  assertEquals((await recordOf(type)).policy.level, 1);
  assertEquals(await eventsOf(product), 2);
});

Deno.test("more decisions in a day than allowed break the limit, also at the same instant", async () => {
  const type = newType();
  await setPolicy(type, { level: 4, limits: { max_percent: 10, max_per_day: 2 }, review_share: 1 });
  const products = await Promise.all([1, 2, 3, 4].map(newProduct));
  const answers = await Promise.all(
    products.map((product) => propose(proposal(type, product))),
  );
  const statuses = answers.map(({ body }) => body.status).sort();
  assertEquals(statuses, ["executed", "executed", "proposed", "proposed"]);
  assertEquals((await recordOf(type)).policy.level, 1);
  const done = answers.find(({ body }) => body.status === "executed");
  assertEquals((await decision(done?.body.decision_id)).review, "waiting");
});

Deno.test("a bad outcome ends autonomy at once, and what waits for a veto then waits for people", async () => {
  const type = newType();
  await setPolicy(type, { level: 2, veto_seconds: 1 });
  const judged = await proposed(proposal(type, await newProduct()));
  assertEquals((await approve(judged, staff)).body.status, "executed");
  const product = await newProduct();
  const pending = await proposed(proposal(type, product));
  const own = await answer(judged, "outcome", { outcome: "good" }, categoryAgent());
  assertEquals(own.status, 403);
  const bad = await answer(judged, "outcome", { outcome: "bad", measured_value: -4 }, staff);
  assertEquals(bad.status, 200);
  const { policy } = await recordOf(type);
  assertEquals([policy.level, policy.from_level, policy.cause], [1, 2, "bad_outcome"]);
  await heldFor(pending, "policy_changed");
  // What is allowed later was not allowed when nobody objected.
  await setPolicy(type, { level: 2, veto_seconds: 1 });
  await tick();
  assertEquals((await decision(pending)).status, "proposed");
  assertEquals((await approve(pending, staff, 2)).body.status, "executed");
});

Deno.test("a veto window that ended under another policy counts for nothing, though the same came back", async () => {
  const type = newType();
  const terms = { veto_seconds: 1 };
  await setPolicy(type, { level: 2, ...terms });
  const product = await newProduct();
  const pending = await proposed(proposal(type, product));
  await setPolicy(type, { level: 1, ...terms });
  await setPolicy(type, { level: 2, ...terms });
  await heldFor(pending, "policy_changed");
  assertEquals(await eventsOf(product), 1);
  const no = await answer(pending, "reject", { reason_code: "too_late" }, staff);
  assertEquals(no.body.status, "rejected");
});

/** Waits until time looked at a decision after its veto window, and says that people must. */
async function heldFor(id: string, reason: string): Promise<void> {
  await eventually(async () => {
    await tick();
    const { status, held, veto_until } = await decision(id);
    assertEquals([status, held, veto_until], ["proposed", reason, null]);
  }, 30);
}

Deno.test("a stopped agent proposes and posts nothing, and nothing of it is executed", async () => {
  const agent = `stopped_${newType()}`;
  const type = newType();
  await setPolicy(type, { level: 2, veto_seconds: 1 }, agent);
  const pending = await proposed(proposal(type, await newProduct(), { agent }));
  const reason = { reason: "It reads yesterday's prices" };
  const stop = await callFunction(`agents/${agent}/stop`, { body: reason, ...staff });
  assertEquals([stop.status, stop.body.event_type], [200, "agent.stopped"]);
  const refused = await propose(proposal(type, await newProduct(), { agent }));
  assertEquals(told(refused), [409, "agent_stopped"]);
  assertEquals(told(await approve(pending, staff)), [409, "agent_stopped"]);
  await heldFor(pending, "agent_stopped");
  assertEquals(
    (await callFunction(`agents/${agent}/resume`, { body: reason, ...staff })).status,
    200,
  );
  await tick();
  assertEquals((await decision(pending)).status, "proposed");
  assertEquals((await approve(pending, staff, 2)).body.status, "executed");
});

Deno.test("a window that ends after a stop and a resumption of all is no consent either", async () => {
  const type = newType();
  await setPolicy(type, { level: 2, veto_seconds: 1 });
  const pending = await proposed(proposal(type, await newProduct()));
  const reason = { reason: "Stock-taking" };
  try {
    assertEquals((await callFunction("agents/stop", { body: reason, ...staff })).status, 200);
  } finally {
    assertEquals((await callFunction("agents/resume", { body: reason, ...staff })).status, 200);
  }
  await heldFor(pending, "agent_stopped");
  const afterwards = await proposed(proposal(type, await newProduct()));
  await eventually(async () => {
    await tick();
    assertEquals((await decision(afterwards)).status, "executed");
  }, 30);
});

Deno.test("the main switch stops every agent, what it observes included", async () => {
  const type = newType();
  await setPolicy(type);
  const product = await newProduct();
  const seen = {
    event_type: "market.competitor_price_observed",
    aggregate_type: "market",
    aggregate_id: product,
    data: { competitor: "Pump Bazaar", price: 90, observed_at: "2025-10-25T06:00:00Z" },
  };
  const reason = { reason: "Stock-taking" };
  try {
    assertEquals((await callFunction("agents/stop", { body: reason, ...staff })).status, 200);
    const refused = await propose(proposal(type, product), categoryAgent());
    assertEquals(told(refused), [409, "agent_stopped"]);
    const post = await callFunction("events", { body: seen, ...categoryAgent() });
    assertEquals(told(post), [409, "agent_stopped"]);
    assertEquals((await callFunction("agents", staff)).body.all_stopped, true);
  } finally {
    assertEquals((await callFunction("agents/resume", { body: reason, ...staff })).status, 200);
  }
  assertEquals((await callFunction("events", { body: seen, ...categoryAgent() })).status, 201);
});

Deno.test("the registry says what each agent may do", async () => {
  const type = newType();
  await setPolicy(type, { level: 2, limits: { max_percent: 5 }, approvals: 2 }, type);
  const { body } = await callFunction("agents", staff);
  const one = body.agents.find(({ agent }: { agent: string }) => agent === type);
  assertEquals([one.stopped, one.open_decisions], [false, 0]);
  const [policy] = one.policies;
  assertEquals([policy.level, policy.limits, policy.approvals], [2, { max_percent: 5 }, 2]);
  assert(!("promotion" in policy) || policy.promotion === null);
});

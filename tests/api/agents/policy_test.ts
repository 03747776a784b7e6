/** What a policy must say, and what it keeps out. */
import { assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { categoryAgent, eventsOf, person } from "../shop.ts";
import {
  approve,
  newProduct,
  newType,
  PRICES,
  priceTo,
  proposal,
  propose,
  proposed,
  recordOf,
  setPolicy,
  told,
} from "./agency.ts";

const staff = await person("staff");

Deno.test("to act at once an agent needs limits of size and of number", async () => {
  const type = newType();
  const limits = [{}, { max_percent: 5 }, { max_amount: 50, max_percent: 5 }, { max_per_day: 5 }];
  for (const level of [3, 4]) {
    for (const one of limits) {
      const body = { level, event_types: PRICES, limits: one };
      const path = `agents/category/policies/${type}`;
      const answer = await callFunction(path, { method: "PUT", body, ...staff });
      assertEquals(told(answer), [422, "limits_required"], JSON.stringify(body));
    }
  }
  assertEquals(await recordOf(type), undefined);
  await setPolicy(type, { level: 3, limits: { max_amount: 50, max_per_day: 5 } });
  assertEquals((await recordOf(type)).policy.level, 3);
});

Deno.test("who changes a policy that has changed meanwhile is told, and changes nothing", async () => {
  const type = newType();
  const set = (expected_version: number, approvals: number) =>
    callFunction(`agents/category/policies/${type}`, {
      method: "PUT",
      body: { level: 1, approvals, expected_version },
      ...staff,
    });
  assertEquals((await set(0, 1)).status, 200);
  assertEquals(told(await set(0, 2)), [409, "version_conflict"]);
  assertEquals((await set(1, 3)).status, 200);
  const late = await set(1, 4);
  assertEquals([...told(late), late.body.current_version], [409, "version_conflict", 2]);
  assertEquals((await recordOf(type)).policy.approvals, 3);
});

Deno.test("a policy lets through the event types it names, whatever the decision calls itself", async () => {
  const type = newType();
  const product = await newProduct();
  const stock = {
    event_type: "product.stock_updated",
    aggregate_type: "product",
    aggregate_id: product,
    data: { stock_quantity: 0, reason: "None left" },
  };
  const limits = { max_amount: 50, max_per_day: 9 };
  const end = { ...stock, event_type: "product.discontinued", data: { reason: "No more" } };
  for (const level of [1, 2, 3, 4]) {
    await setPolicy(type, { level, limits, event_types: ["product.price_changed"] });
    for (const event of [stock, end]) {
      const body = proposal(type, product, { proposed_events: [event] });
      assertEquals(told(await propose(body, categoryAgent())), [403, "agent_not_allowed"]);
    }
    const beside = proposal(type, product, { proposed_events: [priceTo(product, 99), end] });
    assertEquals(told(await propose(beside, categoryAgent())), [403, "agent_not_allowed"]);
    const undo = { compensation: [priceTo(product, 100, 95), end] };
    const hidden = proposal(type, product, undo);
    assertEquals(told(await propose(hidden, categoryAgent())), [403, "agent_not_allowed"]);
  }
  assertEquals(await eventsOf(product), 1);

  // What was proposed while it was allowed is not approved when it is no more.
  await setPolicy(type, { level: 1 });
  const id = await proposed(proposal(type, product, { proposed_events: [end] }));
  await setPolicy(type, { level: 1, event_types: ["product.price_changed"] });
  assertEquals(told(await approve(id, staff)), [403, "agent_not_allowed"]);
  await setPolicy(type, { level: 1, event_types: ["product.discontinued"] });
  assertEquals((await approve(id, staff)).body.status, "executed");

  const terms = { level: 1, event_types: ["product.prize_changed"] };
  const typo = await callFunction(`agents/category/policies/${type}`, {
    method: "PUT",
    body: terms,
    ...staff,
  });
  assertEquals(told(typo), [422, "unknown_event_type"]);
});

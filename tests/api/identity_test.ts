import { assertEquals } from "@std/assert";
import { callFunction } from "../support/call_function.ts";
import {
  backend,
  categoryAgent,
  customerRegistered,
  id,
  person,
  post,
  productCreated,
  stored,
} from "./shop.ts";

const staff = await person("staff");
const customer = await person("customer");

function observation(aggregate_id: string, change: Record<string, unknown> = {}) {
  return {
    event_type: "market.competitor_price_observed",
    aggregate_type: "market",
    aggregate_id,
    data: { competitor: "Pump Bazaar", price: 90, observed_at: "2025-10-25T06:00:00Z" },
    ...change,
  };
}

Deno.test("a user is the author of what they post, whatever the body claims", async () => {
  const claims = { created_by: "system", user_id: staff.userId };
  const event = await stored(customerRegistered(id("identity: customer"), claims), customer);
  assertEquals(event.created_by, `user:${customer.userId}`);
  assertEquals(event.user_id, customer.userId);
  assertEquals(event.owner_id, customer.userId);
  assertEquals(event.metadata, { claimed_created_by: "system", claimed_user_id: staff.userId });
});

Deno.test("an agent is the author of what it posts, whatever the body claims", async () => {
  const claim = { created_by: `user:${staff.userId}` };
  const event = await stored(observation(id("identity: observation"), claim), categoryAgent());
  assertEquals([event.created_by, event.user_id], ["agent:category", null]);
  assertEquals(event.metadata, { claimed_created_by: `user:${staff.userId}` });
});

Deno.test("the backend is system unless it states another author and user", async () => {
  const silent = await stored(productCreated(id("identity: system")), backend());
  assertEquals([silent.created_by, silent.user_id], ["system", null]);
  const author = `user:${customer.userId}`;
  const event = customerRegistered(id("identity: stated"), { created_by: author });
  const stating = await stored(event, backend());
  assertEquals([stating.created_by, stating.user_id], [author, customer.userId]);
  assertEquals(stating.metadata, {});
});

Deno.test("an author that the backend states must be well-formed", async () => {
  const answer = await post(
    productCreated(id("identity: malformed"), { created_by: "user:test" }),
    backend(),
  );
  assertEquals([answer.status, answer.body.code], [422, "validation_failed"]);
  assertEquals(answer.body.errors[0].pointer, "/created_by");
});

Deno.test("what the server says about an event cannot be written by the client", async () => {
  const metadata = { claimed_created_by: "a", claimed_user_id: "b", correlation_key: "c", d: 1 };
  const event = await stored(productCreated(id("identity: metadata"), { metadata }), staff);
  assertEquals(event.metadata, { d: 1 });
});

Deno.test("a customer reads and extends their own aggregates and nobody else's", async () => {
  const mine = await stored(customerRegistered(id("identity: mine")), customer);
  const theirs = await stored(productCreated(id("identity: theirs")), staff);
  assertEquals((await callFunction(`events/${mine.id}`, customer)).status, 200);
  assertEquals((await callFunction(`events/${theirs.id}`, customer)).status, 404);
  const path = `events/aggregate/product/${theirs.aggregate_id}`;
  for (const view of ["history", "state"]) {
    assertEquals((await callFunction(`${path}/${view}`, customer)).status, 404);
    assertEquals((await callFunction(`${path}/${view}`, staff)).status, 200);
  }
  const others = await stored(customerRegistered(id("identity: of staff")), staff);
  const intrusion = await post({
    ...customerRegistered(others.aggregate_id),
    event_type: "customer.profile_updated",
    data: { phone: "+91 98220 14472" },
  }, customer);
  assertEquals([intrusion.status, intrusion.body.code], [403, "aggregate_forbidden"]);
});

/** People change the events of a decision before they approve it. */
import { assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { openSql } from "../../support/stack.ts";
import { backend, eventsOf, person, priceChanged, stored } from "../shop.ts";
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
  waiting,
} from "./agency.ts";

const staff = await person("staff");
const approver = await person("approver");

Deno.test("nobody approves a version that they did not see", async () => {
  const { id, product } = await waiting({ approvals: 2 });
  const edit = { version: 1, proposed_events: [priceTo(product, 97)] };
  const edited = await answer(id, "approve", edit, staff);
  assertEquals([edited.status, edited.body.status], [200, "proposed"]);
  assertEquals(told(await approve(id, approver, 1)), [409, "version_conflict"]);
  const stands = await decision(id);
  assertEquals([stands.version, stands.edited_by], [3, `user:${staff.userId}`]);
  assertEquals(stands.magnitude, { amount: 3, percent: 3 });
  const done = await approve(id, approver, 3);
  assertEquals([done.body.status, done.body.events[0].data.new_price], ["executed", 97]);
  assertEquals(done.body.events[0].created_by, `user:${staff.userId}`);
});

Deno.test("who may not approve changes nothing by an edit", async () => {
  const edit = (id: string, product: string, who = staff) =>
    answer(id, "approve", { version: 1, proposed_events: [priceTo(product, 97)] }, who);
  const type = newType();
  await setPolicy(type);
  const product = await newProduct();
  const own = await proposed(proposal(type, product), staff);
  assertEquals(told(await edit(own, product)), [403, "own_decision"]);
  assertEquals((await decision(own)).version, 1);

  await setPolicy(type, { event_types: ["product.stock_updated"] });
  assertEquals(told(await edit(own, product, approver)), [403, "agent_not_allowed"]);
  assertEquals((await decision(own)).version, 1);

  const agent = `a${crypto.randomUUID().slice(0, 8)}`;
  await setPolicy(type, {}, agent);
  const stopped = await proposed(proposal(type, product, { agent }));
  await callFunction(`agents/${agent}/stop`, { body: { reason: "No more" }, ...staff });
  assertEquals(told(await edit(stopped, product)), [409, "agent_stopped"]);
  assertEquals((await decision(stopped)).version, 1);

  const moved = await waiting();
  await stored(priceChanged(moved.product), backend());
  assertEquals(told(await edit(moved.id, moved.product)), [409, "target_moved"]);
  await using sql = openSql();
  const events = await sql`select event_type from events where aggregate_id = ${moved.id}
    order by aggregate_version`;
  assertEquals(events.map(({ event_type }) => event_type), [
    "agent.decision_proposed",
    "agent.decision_returned",
  ]);
});

Deno.test("an edit is checked as a proposal is, and comes before approval only", async () => {
  const { id, product } = await waiting();
  const edit = (event: unknown) =>
    answer(id, "approve", { version: 1, proposed_events: [event] }, staff);
  const negative = priceTo(product, -1);
  assertEquals(told(await edit(negative)), [422, "invalid_event_data"]);
  assertEquals(told(await edit(priceTo(await newProduct(), 90))), [422, "invalid_proposal"]);
  assertEquals((await approve(id, staff)).status, 200);
  const late = await answer(
    id,
    "approve",
    { version: 3, proposed_events: [priceTo(product, 1)] },
    staff,
  );
  assertEquals(late.status, 409);
  assertEquals(await eventsOf(product), 2);
});

/** A decision may say which events it depends on: the others do not send it back. */
import { assertEquals } from "@std/assert";
import { eventually } from "../../support/eventually.ts";
import { backend, eventsOf, person, priceChanged, stored } from "../shop.ts";
import {
  answer,
  approve,
  decision,
  newProduct,
  newType,
  PRICES,
  priceTo,
  proposal,
  propose,
  proposed,
  setPolicy,
  told,
} from "./agency.ts";
import { callFunction } from "../../support/call_function.ts";

const staff = await person("staff");
/** What no decision about a price can leave out. */
const NEEDED = [...PRICES, "product.created", "product.discontinued", "product.reinstated"];

const on = (product: string, depends_on: string[], version = 1) => ({
  targets: [{ aggregate_type: "product", aggregate_id: product, version, depends_on }],
});

const sold = (product: string) =>
  stored({
    event_type: "product.stock_updated",
    aggregate_type: "product",
    aggregate_id: product,
    data: { quantity_change: -1, reason: "Sold" },
  }, backend());

async function about(depends_on: string[], change: Record<string, unknown> = {}) {
  const type = newType();
  await setPolicy(type);
  const product = await newProduct();
  const body = proposal(type, product, { ...on(product, depends_on), ...change });
  return { type, product, id: await proposed(body) };
}

Deno.test("what a decision does not depend on leaves it standing, to its execution and back", async () => {
  const type = newType();
  await setPolicy(type);
  const product = await newProduct();
  const compensation = [priceTo(product, 100, 95)];
  const id = await proposed(proposal(type, product, { ...on(product, NEEDED), compensation }));
  await sold(product);
  const [target] = (await decision(id)).standing.targets;
  assertEquals([target.version, target.current_version, target.moved], [1, 2, false]);
  const done = await approve(id, staff);
  assertEquals([done.body.status, done.body.events[0].aggregate_version], ["executed", 3]);
  await sold(product);
  const undone = await answer(id, "compensate", { reason: "Too early" }, staff);
  assertEquals([undone.status, undone.body.events[0].aggregate_version], [200, 5]);
});

Deno.test("what it depends on sends it back, however much else happened", async () => {
  const { id, product } = await about(NEEDED);
  await sold(product);
  await stored(priceChanged(product), backend());
  await sold(product);
  assertEquals((await decision(id)).standing.targets[0].moved, true);
  const refused = await approve(id, staff);
  assertEquals(told(refused), [409, "target_moved"]);
  assertEquals(refused.body.targets, [{ ...on(product, NEEDED).targets[0], current_version: 4 }]);
  const returned = await decision(id);
  assertEquals([returned.status, await eventsOf(product)], ["returned", 4]);
});

Deno.test("without a word about it a decision depends on everything", async () => {
  const type = newType();
  await setPolicy(type);
  const product = await newProduct();
  const id = await proposed(proposal(type, product));
  await sold(product);
  assertEquals(told(await approve(id, staff)), [409, "target_moved"]);
});

Deno.test("a veto window ends in execution although goods were sold meanwhile", async () => {
  const type = newType();
  await setPolicy(type, { level: 2, veto_seconds: 1 });
  const product = await newProduct();
  const id = await proposed(proposal(type, product, on(product, NEEDED)));
  await sold(product);
  await eventually(async () => {
    await callFunction("agents/tick", { method: "POST", ...backend() });
    assertEquals((await decision(id)).status, "executed");
  }, 30);
  assertEquals(await eventsOf(product), 3);
});

Deno.test("nobody leaves out what a decision would change, or names what is no event of its target", async () => {
  const type = newType();
  await setPolicy(type);
  const product = await newProduct();
  const refuse = async (depends_on: string[], change = {}) => {
    const body = proposal(type, product, { ...on(product, depends_on), ...change });
    const { status, body: { code, errors } } = await propose(body);
    return [status, code, errors?.[0]?.pointer];
  };
  const pointer = "/targets/0/depends_on";
  assertEquals(await refuse(["product.cost_changed"]), [422, "invalid_proposal", pointer]);
  // Else the change would be measured against a price that was corrected since.
  assertEquals(await refuse(["product.price_changed"]), [422, "invalid_proposal", pointer]);
  // Else it might change what was discontinued meanwhile.
  const blind = NEEDED.filter((type) => type !== "product.discontinued");
  assertEquals(await refuse(blind), [422, "invalid_proposal", pointer]);
  assertEquals(await refuse([...NEEDED, "order.created"]), [422, "invalid_proposal", undefined]);
  // Else it would write over a cost that it did not see.
  const cost = {
    event_type: "product.updated",
    aggregate_type: "product",
    aggregate_id: product,
    data: { cost: 45 },
  };
  const seen = ["product.updated", ...NEEDED.slice(PRICES.length)];
  const dear = { proposed_events: [cost] };
  assertEquals(await refuse(seen, dear), [422, "invalid_proposal", pointer]);
  assertEquals((await refuse([...seen, "product.cost_changed"], dear))[0], 201);
  const count = {
    event_type: "product.stock_updated",
    aggregate_type: "product",
    aggregate_id: product,
    data: { stock_quantity: 0, reason: "Counted" },
  };
  const undo = { compensation: [count] };
  assertEquals(await refuse(NEEDED, undo), [422, "invalid_proposal", pointer]);
  const { id } = await about(NEEDED);
  const [target] = (await decision(id)).targets;
  const edit = { version: 1, proposed_events: [{ ...count, aggregate_id: target.aggregate_id }] };
  assertEquals(told(await answer(id, "approve", edit, staff)), [422, "invalid_proposal"]);
});

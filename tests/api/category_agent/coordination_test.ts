import { assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { eventually } from "../../support/eventually.ts";
import { backend, person } from "../shop.ts";
import { approve, letPropose } from "./policy.ts";
import { stockedShelf } from "./shelf.ts";
import { StockAgent } from "./stock_agent.ts";

Deno.test("two agents work together by events alone: a price cut leads to a reorder", async () => {
  await letPropose("category", "price_change");
  await using stock = await StockAgent.start();
  const { category, pump, longCable } = await stockedShelf();
  const { token } = await person("staff");
  const { body } = await callFunction("category-agent/run", { token, body: { category } });
  const decisionOn = (product: string) =>
    body.proposals.find((made: { product_id: string }) => made.product_id === product).decision_id;

  // A rise is nothing to it, and a cut that is only proposed is no cut.
  await approve(decisionOn(longCable));
  assertEquals(await stock.look(), []);

  await approve(decisionOn(pump));
  let reorders: string[] = [];
  await eventually(async () => {
    reorders = await stock.look();
    return reorders.length > 0;
  }, 30);
  assertEquals(reorders.length, 1);
  const [reorder = ""] = reorders;
  const { body: decision } = await callFunction(`agents/decisions/${reorder}`, backend());
  assertEquals([decision.agent, decision.status, decision.proposed_events[0].data.product_id], [
    "stock",
    "proposed",
    pump,
  ]);

  const { events } = await approve(reorder);
  assertEquals(events.map((event: { event_type: string }) => event.event_type), [
    "reorder.requested",
  ]);
  // Back from the order to the price cut it answers, and to the proposal of the first agent.
  const { body: cause } = await callFunction(`events/${decision.evidence[0]}`, backend());
  assertEquals([cause.event_type, cause.aggregate_id], [
    "agent.decision_executed",
    decisionOn(pump),
  ]);
});

import { assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { runningStack } from "../../support/stack.ts";
import { newProduct, post, priceChanged } from "./goods.ts";

/** A proposal, the agent's unless by somebody else, to sell a product of its own for 5499. */
export async function propose(
  decision_type: string,
  token: string,
  by: { token?: string; key?: string } = { key: runningStack().keys.agent_category },
): Promise<{ id: string; product: string }> {
  const product = newProduct();
  await post(token, [product], 20);
  const { aggregate_id } = product;
  const { body, status } = await callFunction("agents/decisions", {
    ...by,
    body: {
      agent: "category",
      decision_type,
      targets: [{ aggregate_type: "product", aggregate_id, version: 1 }],
      proposed_events: [priceChanged(aggregate_id, 5999, 5499)],
      compensation: [priceChanged(aggregate_id, 5499, 5999)],
      confidence: 0.9,
      rationale: "Two competitors are cheaper.\nBoth since Monday.",
      expected_effect: { metric: "margin", amount: 120, horizon_days: 30 },
    },
  });
  assertEquals([status, body.detail], [201, undefined]);
  return { id: body.decision_id, product: aggregate_id }; // by the answer's schema
}

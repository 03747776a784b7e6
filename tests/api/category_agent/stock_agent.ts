/**
 * A second agent, of a few lines: when a price was cut, more will be sold, so it proposes to order
 * more. It knows the first agent by its events alone.
 */
import { assertEquals } from "@std/assert";
import type { StoredEvent } from "../../../shared/events/envelope.ts";
import { callFunction } from "../../support/call_function.ts";
import { backend, person } from "../shop.ts";
import { letPropose } from "./policy.ts";

const REORDER = {
  event_type: "reorder.requested",
  aggregate_type: "reorder",
  description: "More of a product should be ordered from its supplier",
  json_schema: {
    type: "object",
    additionalProperties: false,
    required: ["product_id", "quantity"],
    properties: { product_id: { type: "string" }, quantity: { type: "integer", minimum: 1 } },
  },
  example: { product_id: "123e4567-e89b-12d3-a456-426614174000", quantity: 20 },
  counter_example: { quantity: 0 },
  posted_by: ["staff", "service"],
};

export class StockAgent implements AsyncDisposable {
  readonly #subscription = `stock-agent-${crypto.randomUUID().slice(0, 8)}`;

  /** Begins to listen now. */
  static async start(): Promise<StockAgent> {
    const agent = new StockAgent();
    const { token } = await person("staff");
    const { status } = await callFunction("events/types", { token, body: REORDER });
    assertEquals(status === 201 || status === 200, true, `${status}`);
    await letPropose("stock", "reorder");
    await call("events/subscriptions", {
      name: agent.#subscription,
      event_types: ["agent.decision_executed"],
    });
    return agent;
  }

  /** Deals with what happened since the last time; returns the decisions it proposed. */
  async look(): Promise<string[]> {
    const { events, next } = await call(`events/subscriptions/${this.#subscription}/events`);
    const proposed: string[] = [];
    for (const event of events as StoredEvent[]) proposed.push(...await this.#react(event));
    await call(`events/subscriptions/${this.#subscription}/ack`, { event_number: next });
    return proposed;
  }

  async #react(executed: StoredEvent): Promise<string[]> {
    const decision = await call(`agents/decisions/${executed.aggregate_id}`);
    const [change] = decision.proposed_events;
    if (decision.decision_type !== "price_change") return [];
    if (change.data.new_price >= change.data.old_price) return [];
    const aggregate_id = crypto.randomUUID();
    const target = { aggregate_type: "reorder", aggregate_id };
    const { decision_id } = await call("agents/decisions", {
      agent: "stock",
      decision_type: "reorder",
      targets: [{ ...target, version: 0 }],
      proposed_events: [{
        event_type: "reorder.requested",
        ...target,
        data: { product_id: change.aggregate_id, quantity: 20 },
      }],
      evidence: [executed.id],
      confidence: 0.6,
      rationale: "The price was cut, so more will be sold.",
      idempotency_key: `reorder:${executed.id}`,
    });
    return [decision_id];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await callFunction(`events/subscriptions/${this.#subscription}`, {
      ...backend(),
      method: "DELETE",
    });
  }
}

async function call(path: string, body?: unknown) {
  const answer = await callFunction(path, { ...backend(), body });
  assertEquals(answer.status < 300, true, `${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

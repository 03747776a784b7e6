/** What is offered to an agent it may use: the official client lists every tool and calls each. */
import { assert, assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { letPropose } from "../category_agent/policy.ts";
import { backend, categoryAgent, id, person, productCreated, stored } from "../shop.ts";
import { assistant } from "./assistant.ts";

const STATUS = [
  "head",
  "lag_events",
  "lag_seconds",
  "oldest_unprocessed",
  "paused",
  "unprocessed",
];

Deno.test("an agent's key can call every tool that is listed for it", async () => {
  await letPropose("category", "every_tool");
  const product = id(`mcp every tool ${crypto.randomUUID()}`);
  await stored(productCreated(product), backend());
  const aggregate = { type: "product", id: product };
  const seen = {
    event_type: "market.competitor_price_observed",
    aggregate_type: "market",
    aggregate_id: product,
    data: { competitor: "Ada", price: 95, observed_at: "2025-10-25T06:00:00Z" },
  };
  const target = { aggregate_type: "product", aggregate_id: product };
  const data = { old_price: 100, new_price: 95, reason: "competitor_match" };
  await using agent = await assistant(categoryAgent());
  const proposed = await agent.call("propose_decision", {
    decision_type: "every_tool",
    targets: [{ ...target, version: 1 }],
    proposed_events: [{ event_type: "product.price_changed", ...target, data }],
    confidence: 0.7,
    rationale: "Ada asks 95.",
  });
  const calls: Record<string, Record<string, unknown>> = {
    query_events: { aggregate_id: product },
    get_history: aggregate,
    get_state: aggregate,
    list_event_types: {},
    get_event_type: { type: "product.created" },
    post_event: seen,
    dry_run: seen,
    list_my_decisions: { review: "waiting" },
    withdraw_decision: { id: proposed.value.decision_id, reason: "Only tried" },
    processing_status: {},
  };
  const { tools } = await agent.client.listTools();
  for (const { name } of tools) {
    const call = name === "propose_decision" ? proposed : await agent.call(name, calls[name]);
    assertEquals(call.isError, false, `${name}: ${JSON.stringify(call.value)}`);
  }
});

Deno.test("the processing status of an agent says how far and what is paused, and nothing else", async () => {
  await using agent = await assistant(categoryAgent());
  const { token } = await person("staff");
  const aggregate_type = await newAggregateType(token);
  const pause = { aggregate_type, reason: "Secret words" };
  const paused = await callFunction("database-manager/pause", { token, body: pause });
  assertEquals(paused.status, 200, JSON.stringify(paused.body));
  try {
    const { value } = await agent.call("processing_status");
    assertEquals(Object.keys(value).sort(), STATUS);
    assert(value.paused.includes(aggregate_type) && value.head > 0, JSON.stringify(value));
  } finally {
    await callFunction("database-manager/resume", { token, body: { aggregate_type } });
  }
  await using service = await assistant(backend());
  assert("audit" in (await service.call("processing_status")).value);
});

/** An aggregate type of this test alone: nobody else waits for its events. */
async function newAggregateType(token: string): Promise<string> {
  const aggregate_type = `noted_${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
  const { status, body } = await callFunction("events/types", {
    token,
    body: {
      event_type: `${aggregate_type}.noted`,
      aggregate_type,
      description: "Somebody noted something",
      json_schema: { type: "object", required: ["note"], properties: { note: { type: "string" } } },
      example: { note: "Rain" },
      counter_example: {},
      posted_by: ["staff"],
    },
  });
  assertEquals(status, 201, JSON.stringify(body));
  return aggregate_type;
}

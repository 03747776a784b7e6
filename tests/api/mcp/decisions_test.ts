import { assert, assertEquals } from "@std/assert";
import { letPropose } from "../category_agent/policy.ts";
import { backend, categoryAgent, id, person, productCreated, stored } from "../shop.ts";
import { type Assistant, assistant } from "./assistant.ts";

/** A proposal to cut the price of a new product. */
async function cut(words: string) {
  const aggregate_id = id(`mcp ${words} ${crypto.randomUUID()}`);
  const created = await stored(productCreated(aggregate_id), backend());
  const target = { aggregate_type: "product", aggregate_id };
  return {
    decision_type: "mcp_price",
    targets: [{ ...target, version: 1 }],
    proposed_events: [{
      event_type: "product.price_changed",
      ...target,
      data: { old_price: 100, new_price: 95, reason: "competitor_match" },
    }],
    evidence: [created.id],
    confidence: 0.7,
    rationale: "Ada asks 95.",
  };
}

Deno.test("an assistant with an agent's key proposes, sees its own decisions and takes one back", async () => {
  await letPropose("category", "mcp_price");
  await using agent = await assistant(categoryAgent());
  const { value: made, isError } = await agent.call("propose_decision", await cut("proposes"));
  assertEquals([isError, made.status, made.event.created_by], [
    false,
    "proposed",
    "agent:category",
  ]);

  const withdrawn = await agent.call("withdraw_decision", {
    id: made.decision_id,
    reason: "Ada raised hers again",
  });
  assertEquals([withdrawn.isError, withdrawn.value.event_type], [
    false,
    "agent.decision_withdrawn",
  ]);
  const again = await agent.call("withdraw_decision", { id: made.decision_id, reason: "Twice" });
  assertEquals([again.isError, again.value.code], [true, "decision_settled"]);

  const { value } = await agent.call("list_my_decisions", { agent: "category", limit: 5 });
  assert(value.decisions.length > 0);
  for (const decision of value.decisions) assertEquals(decision.agent, "category");
});

Deno.test("a proposal is refused with what is wrong, and no agent speaks for another", async () => {
  await letPropose("category", "mcp_price");
  await using agent = await assistant(categoryAgent());
  const proposal = await cut("refused");
  const [event] = proposal.proposed_events;
  const wrong = { ...proposal, proposed_events: [{ ...event, data: { old_price: 100 } }] };
  const invalid = await agent.call("propose_decision", wrong);
  assertEquals([invalid.isError, invalid.value.code], [true, "invalid_event_data"]);
  assertEquals(invalid.value.errors[0].pointer, "/proposed_events/0/data/new_price");
  const other = await agent.call("propose_decision", { ...proposal, agent: "stock" });
  assertEquals([other.isError, other.value.code], [true, "forbidden"]);
  const unruled = await agent.call("propose_decision", { ...proposal, decision_type: "unruled" });
  assertEquals([unruled.isError, unruled.value.code], [true, "agent_not_allowed"]);
});

Deno.test("a customer is offered no tool of decisions, and can call none; staff are", async () => {
  await using customer = await assistant(await person("customer"));
  const names = async ({ client }: Assistant) =>
    (await client.listTools()).tools.map(({ name }) => name).filter((name) =>
      /decision/.test(name)
    );
  assertEquals(await names(customer), []);
  const call = { name: "list_my_decisions", arguments: {} };
  const refused = await customer.client.callTool(call)
    .then(({ isError }) => isError === true, () => true);
  assert(refused);
  await using staff = await assistant(await person("staff"));
  assertEquals((await names(staff)).sort(), [
    "list_my_decisions",
    "propose_decision",
    "withdraw_decision",
  ]);
  assertEquals((await staff.call("list_my_decisions", { limit: 1 })).isError, false);
});

Deno.test("eleven tools are listed, and there is none that approves", async () => {
  await using agent = await assistant(categoryAgent());
  const { tools } = await agent.client.listTools();
  assertEquals(tools.map(({ name }) => name).sort(), [
    "dry_run",
    "get_event_type",
    "get_history",
    "get_state",
    "list_event_types",
    "list_my_decisions",
    "post_event",
    "processing_status",
    "propose_decision",
    "query_events",
    "withdraw_decision",
  ]);
});

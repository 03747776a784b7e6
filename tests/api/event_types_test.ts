import { assert, assertEquals } from "@std/assert";
import { callFunction } from "../support/call_function.ts";
import { eventsOf, id, person, post, productCreated, stored } from "./shop.ts";

const staff = await person("staff");
const customer = await person("customer");

const definition = {
  event_type: "product.reviewed",
  aggregate_type: "product",
  description: "A customer reviewed the product.",
  json_schema: {
    type: "object",
    properties: {
      stars: { type: "integer", minimum: 1, maximum: 5 },
      headline: { type: "string", maxLength: 80, pattern: "^\\S.*$" },
    },
    required: ["stars"],
    additionalProperties: false,
  },
  example: { stars: 5, headline: "Quiet" },
  counter_example: { stars: 6 },
  posted_by: ["staff"],
};

function register(change: Record<string, unknown> = {}, token = staff.token) {
  return callFunction("events/types", { body: { ...definition, ...change }, token });
}

function reviewed(aggregate_id: string, data: unknown) {
  return { event_type: "product.reviewed", aggregate_type: "product", aggregate_id, data };
}

Deno.test("the catalog has every type that the setup guide names", async () => {
  const { status, body } = await callFunction("events/types", customer);
  assertEquals(status, 200);
  const types = new Map(
    body.event_types.map((one: { event_type: string }) => [one.event_type, one]),
  );
  const named = [
    ...["product.created", "product.updated", "product.price_changed", "product.stock_updated"],
    ...["product.price_corrected", "price.changed", "order.created", "order.payment_received"],
    ...["order.status_changed", "order.fulfilled", "order.placed", "payment.received"],
    ...["customer.registered", "customer.profile_updated", "dealer.application_submitted"],
    ...["dealer.approved", "dealer.pricing_updated", "agent.decision_proposed"],
    ...["agent.decision_approved", "agent.decision_rejected"],
  ];
  for (const name of named) assert(types.has(name), name);
  assert(types.size >= 20);
});

Deno.test("the catalog can be asked for one aggregate type or one event type", async () => {
  const { body } = await callFunction("events/types?aggregate_type=payment", customer);
  assert(body.event_types.length > 0);
  for (const one of body.event_types) assertEquals(one.aggregate_type, "payment");
  const one = await callFunction("events/types/product.created", customer);
  assertEquals(one.body.json_schema.type, "object");
  assertEquals(one.body.source, "code");
});

Deno.test("a type is registered, used, and grows into its next version", async () => {
  const pump = id("types: pump");
  await stored(productCreated(pump), staff);
  const early = await post(reviewed(pump, { stars: 4 }), staff);
  assertEquals([early.status, early.body.code], [422, "unknown_event_type"]);

  const registered = await register();
  assertEquals(registered.status, 201, JSON.stringify(registered.body));
  assertEquals([registered.body.schema_version, registered.body.source], [1, "registered"]);
  assertEquals(registered.headers.get("location"), "/functions/v1/events/types/product.reviewed");

  const wrong = await post(reviewed(pump, { stars: 9, colour: 1 }), staff);
  assertEquals([wrong.status, wrong.body.code], [422, "invalid_event_data"]);
  const pointers = wrong.body.errors.map((error: { pointer: string }) => error.pointer);
  assertEquals(new Set(pointers), new Set(["/data/stars", "/data/colour"]));
  assertEquals(await eventsOf(pump), 1);
  const right = await stored(reviewed(pump, { stars: 4, headline: "Quiet" }), staff);
  assertEquals(right.schema_version, 1);
  assertEquals((await post(reviewed(id("types: other"), { stars: 4 }), customer)).status, 403);

  const properties = { ...definition.json_schema.properties, buyer: { type: "boolean" } };
  const json_schema = { ...definition.json_schema, properties };
  const next = await register({ json_schema });
  assertEquals([next.status, next.body.schema_version], [201, 2], JSON.stringify(next.body));
  const newer = await stored(reviewed(pump, { stars: 4, buyer: true }), staff);
  assertEquals(newer.schema_version, 2);
  const state = await callFunction(`events/aggregate/product/${pump}/state`, staff);
  assertEquals([state.body.version, state.body.state.base_price], [3, 100]);

  const breaking = await register();
  assertEquals([breaking.status, breaking.body.code], [409, "incompatible_schema"]);
  const moved = await register({ json_schema, aggregate_type: "order" });
  assertEquals([moved.status, moved.body.code], [422, "aggregate_type_mismatch"]);
});

Deno.test("a schema that is unsafe or wrong is 422 and not registered", async () => {
  const bad = {
    event_type: "product.scanned",
    json_schema: { type: "object", properties: { a: { type: "string", pattern: "^(a+)+$" } } },
    example: {},
    counter_example: { a: 1 },
  };
  const answer = await register(bad);
  assertEquals([answer.status, answer.body.code], [422, "invalid_schema"]);
  assertEquals(answer.body.errors[0].pointer, "/json_schema/properties/a/pattern");
  assertEquals((await callFunction("events/types/product.scanned", staff)).status, 404);
});

Deno.test("a type defined in code, a malformed definition and a customer are refused", async () => {
  const inCode = await register({ event_type: "product.created" });
  assertEquals([inCode.status, inCode.body.code], [409, "event_type_in_code"]);
  const malformed = await register({ event_type: "Reviewed", posted_by: ["anybody"] });
  assertEquals([malformed.status, malformed.body.code], [422, "validation_failed"]);
  const ofSystem = await register({ event_type: "system.rebooted", aggregate_type: "system" });
  assertEquals([ofSystem.status, ofSystem.body.errors[0].pointer], [422, "/aggregate_type"]);
  for (
    const [event_type, aggregate_type] of [
      ["note.approved", "agent_decision"],
      ["note.permitted", "agent_policy"],
      ["note.resumed", "agent"],
      ["agent.liked", "product"],
      ["system.liked", "product"],
    ]
  ) {
    const ofPlatform = await register({ event_type, aggregate_type });
    assertEquals([ofPlatform.status, ofPlatform.body.code], [403, "event_type_forbidden"]);
  }
  const byCustomer = await register({ event_type: "product.liked" }, customer.token);
  assertEquals([byCustomer.status, byCustomer.body.code], [403, "forbidden"]);
  assertEquals((await callFunction("events/types/product.liked", staff)).status, 404);
});

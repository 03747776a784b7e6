import { assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { openSql } from "../../support/stack.ts";
import { eventsOf, person, productCreated } from "../shop.ts";
import {
  approve,
  decision,
  newProduct,
  newType,
  priceTo,
  proposal,
  proposed,
  setPolicy,
} from "./agency.ts";

const staff = await person("staff");

Deno.test("an approved decision whose event type was retired meanwhile fails, and posts none of its events", async () => {
  const type = newType();
  await setPolicy(type);
  const event_type = `${type}.advertised`;
  const registered = await callFunction("events/types", {
    body: {
      event_type,
      aggregate_type: type,
      description: "A price was advertised",
      json_schema: {
        type: "object",
        required: ["price"],
        properties: { price: { type: "number" } },
      },
      example: { price: 95 },
      counter_example: {},
      posted_by: ["staff"],
    },
    ...staff,
  });
  assertEquals(registered.status, 201, JSON.stringify(registered.body));
  const product = await newProduct();
  const advertised = crypto.randomUUID();
  const id = await proposed(proposal(type, product, {
    targets: [
      { aggregate_type: "product", aggregate_id: product, version: 1 },
      { aggregate_type: type, aggregate_id: advertised, version: 0 },
    ],
    proposed_events: [
      priceTo(product, 95),
      { event_type, aggregate_type: type, aggregate_id: advertised, data: { price: 95 } },
    ],
  }));
  await using sql = openSql();
  await sql`update public.event_types set active = false where event_type = ${event_type}`;

  const { status, body } = await approve(id, staff);
  assertEquals([status, body.status, body.events], [200, "failed", []]);
  assertEquals([await eventsOf(product), await eventsOf(advertised)], [1, 0]);
  const { body: effects } = await callFunction(`events?causation_id=${body.answer.id}`, staff);
  assertEquals(effects.events.map((event: { event_type: string }) => event.event_type), [
    "agent.decision_failed",
  ]);
  const reason = `event type "${event_type}" is retired`;
  const failed = await decision(id);
  assertEquals([failed.status, failed.decision_note], ["failed", reason]);
});

/** A decision that would create a product under a SKU. */
async function creation(type: string, sku: string): Promise<{ id: string; product: string }> {
  const product = crypto.randomUUID();
  const data = { sku, name: "Pump", base_price: 100 };
  const id = await proposed(proposal(type, product, {
    targets: [{ aggregate_type: "product", aggregate_id: product, version: 0 }],
    proposed_events: [productCreated(product, { data })],
  }));
  return { id, product };
}

Deno.test("of decisions that create a product under one SKU, one is executed and the others fail; none is parked", async () => {
  const type = newType();
  await setPolicy(type);
  const sku = `S-${type}`;
  const creations = await Promise.all([1, 2, 3].map(() => creation(type, sku)));
  const answers = await Promise.all(creations.map(({ id }) => approve(id, staff)));
  assertEquals(answers.map(({ status }) => status), [200, 200, 200]);
  assertEquals(answers.map(({ body }) => body.status).sort(), ["executed", "failed", "failed"]);
  const late = await creation(type, sku);
  assertEquals((await approve(late.id, staff)).body.status, "failed");
  assertEquals((await decision(late.id)).decision_note, `another product has the SKU "${sku}"`);
  const events = await Promise.all([...creations, late].map(({ product }) => eventsOf(product)));
  assertEquals(events.toSorted(), [0, 0, 0, 1]);

  const twice = crypto.randomUUID();
  const both = [late.product, twice];
  const id = await proposed(proposal(type, twice, {
    targets: both.map((aggregate_id) => ({ aggregate_type: "product", aggregate_id, version: 0 })),
    proposed_events: both.map((product) =>
      productCreated(product, { data: { sku: `${sku}-2`, name: "Pump", base_price: 100 } })
    ),
  }));
  assertEquals((await approve(id, staff)).body.status, "failed");
  assertEquals(await eventsOf(twice), 0);
});

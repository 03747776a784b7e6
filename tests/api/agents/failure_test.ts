import { assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { openSql } from "../../support/stack.ts";
import { eventsOf, person } from "../shop.ts";
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

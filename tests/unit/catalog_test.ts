import { assert, assertEquals } from "@std/assert";
import { aggregates, findAggregate } from "../../shared/domain/aggregates.ts";
import { effectsOf, fold } from "../../shared/domain/aggregate.ts";
import type { Poster } from "../../shared/domain/event_type.ts";
import { catalog, findEventType, jsonSchemaOf } from "../../shared/events/catalog.ts";
import { exampleStories } from "./domain/example_stories.ts";
import { events } from "./domain/story.ts";

/** Aggregate types of which only the platform's own functions append events. */
const OWN = new Set(["agent", "agent_decision", "agent_policy", "system"]);

const NAMED_IN_THE_GUIDE = [
  "agent.decision_approved",
  "agent.decision_proposed",
  "agent.decision_rejected",
  "customer.profile_updated",
  "customer.registered",
  "dealer.application_submitted",
  "dealer.approved",
  "dealer.pricing_updated",
  "order.created",
  "order.fulfilled",
  "order.payment_received",
  "order.placed",
  "order.status_changed",
  "payment.received",
  "price.changed",
  "product.created",
  "product.price_changed",
  "product.price_corrected",
  "product.stock_updated",
  "product.updated",
];

Deno.test("every event type that the guide names is in the catalog", () => {
  assertEquals(NAMED_IN_THE_GUIDE.filter((type) => !findEventType(type)), []);
  assert(catalog.length >= 26);
});

Deno.test("every event type has a name and one line of description, and a poster unless it is the platform's own", () => {
  for (const entry of catalog) {
    assert(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/.test(entry.type), entry.type);
    assert(/^[A-Z0-9][^\n]{10,120}\.$/.test(entry.description), entry.description);
    assertEquals(entry.postedBy.length > 0, !OWN.has(entry.aggregateType), entry.type);
  }
});

Deno.test("an event type belongs to one aggregate", () => {
  assertEquals(new Set(catalog.map((entry) => entry.type)).size, catalog.length);
  assertEquals(findEventType("price.changed")?.aggregateType, "product");
  assertEquals(findEventType("agent.decision_proposed")?.aggregateType, "agent_decision");
  assertEquals(findEventType("order.will_be_shipped"), undefined);
});

Deno.test("customers post what is theirs and nothing else", () => {
  assertEquals(postedBy("user"), [
    "customer.profile_updated",
    "customer.registered",
    "dealer.application_submitted",
    "order.cancelled",
    "order.created",
    "order.item_added",
    "order.item_removed",
    "order.placed",
  ]);
});

Deno.test("an agent posts what it observes; all else it proposes", () => {
  assertEquals(postedBy("agent"), ["market.competitor_price_observed"]);
});

Deno.test("what anybody may post the backend may post too", () => {
  const notByService = catalog.filter((entry) =>
    !OWN.has(entry.aggregateType) && !entry.postedBy.includes("service")
  );
  assertEquals(notByService.map((entry) => entry.type), []);
});

Deno.test("every aggregate is found by its type and has tables of its own", () => {
  for (const aggregate of aggregates) assertEquals(findAggregate(aggregate.type), aggregate);
  assertEquals(findAggregate("system"), undefined);
  const tables = aggregates.flatMap(({ table, children }) => [
    table,
    ...Object.values(children).map((child) => child.table),
  ]);
  assertEquals(new Set(tables).size, tables.length);
});

Deno.test("the example stories use every event type that changes state", () => {
  const used = new Set(exampleStories.flatMap(({ facts }) => facts.map(([type]) => type)));
  const unused = catalog.filter((entry) =>
    findAggregate(entry.aggregateType) !== undefined && !used.has(entry.type)
  );
  assertEquals(unused.map((entry) => entry.type), []);
});

Deno.test("every effect is an event the backend may post, of its own aggregate, with valid data", () => {
  const caused = exampleStories.flatMap(({ aggregate, facts }) => {
    const story = events(aggregate.type, ...facts);
    return story.flatMap((event, index) => {
      const state = fold(aggregate, story.slice(0, index + 1));
      return state ? effectsOf(aggregate, state, event) : [];
    });
  });
  assertEquals([...new Set(caused.map((effect) => effect.event_type))].sort(), [
    "order.payment_received",
    "order.refunded",
    "product.stock_updated",
  ]);
  for (const effect of caused) {
    const entry = findEventType(effect.event_type);
    assertEquals(entry?.aggregateType, effect.aggregate_type);
    assertEquals(entry?.schema.safeParse(effect.data).success, true);
    assertEquals(entry?.postedBy.includes("service"), true);
  }
});

Deno.test("every JSON Schema is a strict object of draft 2020-12", () => {
  for (const entry of catalog) {
    const schema = jsonSchemaOf(entry);
    assertEquals(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
    assertEquals([schema.type, schema.additionalProperties], ["object", false], entry.type);
  }
});

function postedBy(poster: Poster): string[] {
  return catalog.filter((entry) => entry.postedBy.includes(poster)).map(({ type }) => type).sort();
}

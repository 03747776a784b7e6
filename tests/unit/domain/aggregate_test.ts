import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { applyEvent, effectsOf, fold, skipEvent } from "../../../shared/domain/aggregate.ts";
import { customer } from "../../../shared/domain/customer.ts";
import { product } from "../../../shared/domain/product.ts";
import { exampleStories } from "./example_stories.ts";
import {
  assertRefused,
  deepFreeze,
  domainErrorOf,
  events,
  ID,
  lastEvent,
  momentOf,
  OWNER,
  stateAfter,
} from "./story.ts";

const CREATED = ["product.created", { sku: "A-1", name: "Pump", base_price: 10 }] as const;
const COUNTED = ["product.stock_updated", { stock_quantity: 3, reason: "Count" }] as const;

Deno.test("an aggregate without events has no state", () => {
  assertEquals(fold(product, []), null);
});

Deno.test("the first event gives the state its id, owner and times", () => {
  const { id, version, owner_id, created_at, updated_at } = stateAfter(product, CREATED);
  assertEquals({ id, version, owner_id, created_at, updated_at }, {
    id: ID,
    version: 1,
    owner_id: OWNER,
    created_at: momentOf(1),
    updated_at: momentOf(1),
  });
});

Deno.test("a later event moves version and updated_at, never owner or created_at", () => {
  const later = [...COUNTED, { owner_id: null }] as const;
  const { version, owner_id, created_at, updated_at } = stateAfter(product, CREATED, later);
  assertEquals({ version, owner_id, created_at, updated_at }, {
    version: 2,
    owner_id: OWNER,
    created_at: momentOf(1),
    updated_at: momentOf(2),
  });
});

Deno.test("an event that leaves a hole before it is refused", () => {
  assertRefused("version_hole", product, CREATED, [...COUNTED, { aggregate_version: 3 }]);
});

Deno.test("an event that was applied before is refused", () => {
  assertRefused("version_hole", product, CREATED, [...COUNTED, { aggregate_version: 1 }]);
});

Deno.test("a first event with a number above 1 is refused", () => {
  assertRefused("version_hole", product, [...CREATED, { aggregate_version: 2 }]);
});

Deno.test("a first event may follow events that people skipped, when the caller says so", () => {
  const event = lastEvent("product", [...CREATED, { aggregate_version: 3 }]);
  assertEquals(applyEvent(product, null, event, 2).version, 3);
});

Deno.test("an event of another kind of aggregate is refused", () => {
  assertRefused("wrong_aggregate", product, [...CREATED, { aggregate_type: "order" }]);
});

Deno.test("an event of another aggregate of the same kind is refused", () => {
  const aggregate_id = "123e4567-e89b-12d3-a456-426614174001";
  assertRefused("wrong_aggregate", product, CREATED, [...COUNTED, { aggregate_id }]);
});

Deno.test("a stored event that does not fit its schema is refused, with the place", () => {
  const event = lastEvent("product", CREATED, ["product.discontinued", { reason: 7 }]);
  const error = domainErrorOf(() => applyEvent(product, stateAfter(product, CREATED), event));
  assertEquals(error?.code, "invalid_event_data");
  assert(error?.message.startsWith("product.discontinued: data/reason "), error?.message);
});

Deno.test("a type the code does not know only moves version and updated_at", () => {
  const before = stateAfter(product, CREATED);
  const after = stateAfter(product, CREATED, ["product.reviewed", { stars: 5 }]);
  assertEquals(after, { ...before, version: 2, updated_at: momentOf(2) });
});

Deno.test("a type named like an object's own method is a type the code does not know", () => {
  const after = stateAfter(product, CREATED, ["constructor", {}]);
  assertEquals(after.version, 2);
});

Deno.test("a type the code does not know cannot begin an aggregate", () => {
  assertRefused("not_yet_created", product, ["product.reviewed", { stars: 5 }]);
});

Deno.test("a skipped event passes its version on and nothing else", () => {
  const before = stateAfter(product, CREATED);
  const skipped = lastEvent("product", CREATED, COUNTED);
  assertEquals(skipEvent(before, skipped), { ...before, version: 2, updated_at: momentOf(2) });
  assertEquals(skipEvent(null, skipped), null);
});

Deno.test("folding on from a state equals folding from the start", () => {
  const story = events("product", CREATED, COUNTED, ["product.discontinued", { reason: "Old" }]);
  const half = fold(product, story.slice(0, 1));
  assertEquals(fold(product, story.slice(1), half), fold(product, story));
});

Deno.test("an aggregate without effects and an unknown type have none", () => {
  const event = lastEvent("customer", ["customer.reviewed", {}]);
  const state = stateAfter(customer, ["customer.registered", { email: "a@b.example", name: "A" }]);
  assertEquals(effectsOf(customer, state, event), []);
});

for (const { aggregate, facts } of exampleStories) {
  const story = events(aggregate.type, ...facts);
  const name = `${aggregate.type} up to ${facts.at(-1)?.[0]}`;

  Deno.test(`the examples of ${name} make a story`, () => {
    assertEquals(fold(aggregate, story)?.version, facts.length);
  });

  Deno.test(`no event of ${name} changes the state or the event it is applied to`, () => {
    let state = null;
    for (const event of deepFreeze(story)) {
      state = deepFreeze(applyEvent(aggregate, state, event));
      effectsOf(aggregate, state, event);
    }
  });

  Deno.test(`${name} keeps what an event does not touch as the same object`, () => {
    const state = fold(aggregate, story);
    const unknown = lastEvent(aggregate.type, ...facts, ["x.y", {}]);
    // Read by name only: every value of a state is a column or an array of rows.
    const before = state as unknown as Record<string, unknown>;
    const after = applyEvent(aggregate, state, unknown) as unknown as Record<string, unknown>;
    for (const property of Object.keys(aggregate.children)) {
      assertStrictEquals(after[property], before[property]);
    }
  });
}

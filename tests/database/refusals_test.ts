/** What post_events refuses, with which SQLSTATE, and that nothing of it is stored. */
import { assert, assertEquals } from "@std/assert";
import type { TransactionSql } from "postgres";
import { onEachPath } from "./each_path.ts";
import { ANNA, BEN, STAFF } from "./people.ts";
import {
  type Actor,
  agent,
  id,
  orderCreated,
  post,
  type Posting,
  priceObserved,
  service,
  stockUpdated,
  user,
} from "./posting.ts";
import { become, becomeOwner, errorOf, outcomeOf, undone } from "./undone.ts";

const product = id("refused product", 1);
const order = id("refused order", 1);

/** Everything an append leaves behind. */
async function traces(sql: TransactionSql): Promise<unknown> {
  await becomeOwner(sql);
  const [row] = await sql`
    select (select count(*) from public.events) as events,
      (select sum(version) from private.aggregates) as versions,
      (select count(*) from private.unprocessed_events) as waiting`;
  return { ...row };
}

function refuses(name: string, code: string, event: Posting, actor: Actor, words: string): void {
  onEachPath(`${name} is refused with ${code}`, async (sql, append) => {
    const before = await traces(sql);
    const error = await errorOf(sql, (s) => append(s, event, actor));
    assertEquals(error?.code, code);
    assert(error?.message.includes(words), error?.message);
    assertEquals(await traces(sql), before);
  });
}

const unknown = { ...stockUpdated(product), event_type: "product.not_there" };
refuses("an unknown event type", "ES001", unknown, service, '"product.not_there"');

const ofOrder = { ...stockUpdated(product), aggregate_type: "order" };
refuses("a type of another aggregate", "ES003", ofOrder, service, '"product", not "order"');

const old = stockUpdated(product, { schema_version: 99 });
refuses("another schema version", "ES004", old, service, "not 99");

refuses("a customer's staff event", "ES005", stockUpdated(product), user(ANNA), "by user");
refuses("an agent's product event", "ES005", stockUpdated(product), agent("category"), "by agent");
const approved = {
  ...priceObserved(order),
  event_type: "agent.decision_approved",
  aggregate_type: "agent_decision",
};
const proposed = { ...approved, event_type: "agent.decision_proposed" };
refuses(
  "an agent's proposal past the agents function",
  "ES005",
  proposed,
  agent("category"),
  "by agent",
);
refuses("the backend's approval", "ES005", approved, service, "by service");
refuses("an agent's own approval", "ES005", approved, agent("category"), "by agent");

const uncaused = stockUpdated(product, { causation_id: id("no event", 1) });
refuses("a cause that is no event", "ES009", uncaused, service, id("no event", 1));

for (
  const [name, actor] of Object.entries<Actor>({
    "no kind": {},
    "an unknown kind": { kind: "robot" },
    "staff claimed as a kind": { kind: "staff", user_id: STAFF },
    "a user without id": { kind: "user" },
    "an agent without name": { kind: "agent" },
  })
) refuses(`an actor of ${name}`, "ES013", orderCreated(order, ANNA), actor, "actor");

onEachPath("a retired event type is refused with ES002", async (sql, append) => {
  await sql`update public.event_types set active = false where event_type = 'product.stock_updated'`;
  const error = await errorOf(sql, (s) => append(s, stockUpdated(product)));
  assertEquals(error?.code, "ES002");
  assert(error?.message.includes('"product.stock_updated"'));
});

onEachPath("an event checked against an old schema is refused with ES004", async (sql, append) => {
  await sql`update public.event_types set schema_version = 98 where event_type = 'product.discontinued'`;
  const event = { ...stockUpdated(product), event_type: "product.discontinued" };
  assertEquals(await outcomeOf(sql, (s) => append(s, event)), "ES004");
  const appended = await append(sql, { ...event, schema_version: 98 });
  assertEquals(appended.event.schema_version, 98);
});

onEachPath("who may post a type is the catalog's to say, at once", async (sql, append) => {
  const outcome = () => outcomeOf(sql, (s) => append(s, stockUpdated(product), user(STAFF)));
  assertEquals(await outcome(), "done");
  await becomeOwner(sql);
  await sql`update public.event_types set posted_by = '{user,service}' where event_type = 'product.stock_updated'`;
  assertEquals(await outcome(), "ES005");
});

onEachPath("staff who lost the role post as customers", async (sql, append) => {
  await sql`delete from public.user_roles where user_id = ${STAFF}`;
  const outcome = await outcomeOf(sql, (s) => append(s, stockUpdated(product), user(STAFF)));
  assertEquals(outcome, "ES005");
});

const annasOrder = orderCreated(order, ANNA);

onEachPath("a customer appends to nobody else's aggregate: ES006", async (sql, append) => {
  await append(sql, annasOrder, user(ANNA));
  const before = await traces(sql);
  assertEquals(await outcomeOf(sql, (s) => append(s, annasOrder, user(BEN))), "ES006");
  for (const expected_version of [0, 1]) {
    const guess = { ...annasOrder, expected_version };
    const error = await errorOf(sql, (s) => append(s, guess, user(BEN)));
    assertEquals(error?.code, "ES006");
    assert(!error?.detail, "the refusal must not tell what is there");
  }
  assertEquals(await traces(sql), before);
  assertEquals(await outcomeOf(sql, (s) => append(s, annasOrder, user(ANNA))), "done");
});

onEachPath(
  "a customer appends to nothing that staff or the backend made: ES006",
  async (sql, append) => {
    await append(sql, annasOrder, user(STAFF));
    assertEquals(await outcomeOf(sql, (s) => append(s, annasOrder, user(ANNA))), "ES006");
    const other = orderCreated(id("refused order", 2), ANNA);
    await append(sql, other);
    assertEquals(await outcomeOf(sql, (s) => append(s, other, user(ANNA))), "ES006");
  },
);

onEachPath("staff, agents and the backend append to anybody's aggregate", async (sql, append) => {
  await append(sql, annasOrder, user(ANNA));
  await append(sql, annasOrder, user(STAFF));
  await append(sql, annasOrder);
  await append(sql, priceObserved(product, { user_id: ANNA }));
  const { event } = await append(sql, priceObserved(product), agent("category"));
  assertEquals([event.aggregate_version, event.owner_id], [2, ANNA]);
});

onEachPath(
  "an event without aggregate, type or data, or with data of another form, is refused",
  async (sql, append) => {
    const event = stockUpdated(product);
    const before = await traces(sql);
    for (const missing of ["aggregate_id", "aggregate_type", "event_type", "data"]) {
      const incomplete = { ...event, [missing]: null } as unknown as Posting; // on purpose
      assert(await outcomeOf(sql, (s) => append(s, incomplete)) !== "done", missing);
    }
    for (const data of [[], "text", 7, true]) {
      assertEquals(await outcomeOf(sql, (s) => append(s, { ...event, data })), "23514");
      assertEquals(await outcomeOf(sql, (s) => append(s, { ...event, metadata: data })), "23514");
    }
    assertEquals(await traces(sql), before);
  },
);

Deno.test("an append holds 1 to 1000 events: ES013", async () => {
  await undone(async (sql) => {
    await become(sql, "service_role");
    const events = (count: number) => Array.from({ length: count }, () => stockUpdated(product));
    assertEquals(await outcomeOf(sql, (s) => post(s, events(0))), "ES013");
    assertEquals(await outcomeOf(sql, (s) => post(s, events(1001))), "ES013");
    assertEquals(await outcomeOf(sql, (s) => post(s, events(1000))), "done");
    for (const text of ["{}", "null", '"x"', "7"]) {
      const call = (s: TransactionSql) =>
        s`select public.post_events(${text}::text::jsonb, '{"kind":"service"}')`;
      assertEquals(await outcomeOf(sql, call), "ES013", text);
    }
  });
});

Deno.test("a batch is all or none, wherever the bad event stands", async () => {
  await undone(async (sql) => {
    const good = Array.from({ length: 9 }, (_, i) => stockUpdated(id("all or none", i)));
    await become(sql, "service_role");
    await post(sql, good);
    const before = await traces(sql);
    await become(sql, "service_role");
    const bad = [unknown, ofOrder, old, approved, uncaused, { ...good[0]!, expected_version: 7 }]; // not empty
    for (const event of bad) {
      for (const place of [0, 4, 9]) {
        const outcome = await outcomeOf(sql, (s) => post(s, good.toSpliced(place, 0, event)));
        assert(outcome.startsWith("ES"), outcome);
      }
    }
    assertEquals(await traces(sql), before);
  });
});

Deno.test("one event of a customer's batch on another's aggregate undoes the batch", async () => {
  await undone(async (sql) => {
    await become(sql, "service_role");
    await post(sql, [annasOrder], user(ANNA));
    const before = await traces(sql);
    await become(sql, "service_role");
    const bens = orderCreated(id("refused order", 3), BEN);
    const outcome = await outcomeOf(sql, (s) => post(s, [bens, annasOrder, bens], user(BEN)));
    assertEquals(outcome, "ES006");
    assertEquals(await traces(sql), before);
  });
});

Deno.test("a cause must be stored before: an event of the same batch is none", async () => {
  await undone(async (sql) => {
    await become(sql, "service_role");
    const { events: [stored] } = await post(sql, [stockUpdated(product)]);
    const caused = stockUpdated(product, { causation_id: stored?.id });
    assertEquals(await outcomeOf(sql, (s) => post(s, [caused, caused])), "done");
    const mixed = [caused, uncaused];
    assertEquals(await outcomeOf(sql, (s) => post(s, mixed)), "ES009");
  });
});

/** The same key with the same content is the same event; with other content it is a conflict. */
import { assert, assertEquals } from "@std/assert";
import type { TransactionSql } from "postgres";
import { onEachPath } from "./each_path.ts";
import { ANNA, BEN, STAFF } from "./people.ts";
import { id, orderCreated, post, type Posting, stockUpdated, user } from "./posting.ts";
import { become, becomeOwner, outcomeOf, undone } from "./undone.ts";

const product = id("keyed product", 1);
const keyed = stockUpdated(product, { idempotency_key: "once", metadata: { line: 1 } });

async function count(sql: TransactionSql): Promise<number> {
  await becomeOwner(sql);
  const [row] = await sql`select count(*)::integer as events from public.events`;
  return row?.events;
}

onEachPath(
  "the same key and content return the first event and store nothing",
  async (sql, append) => {
    const first = await append(sql, keyed);
    await append(sql, stockUpdated(product));
    const before = await count(sql);
    const again = await append(sql, keyed);
    assertEquals([first.replayed, again.replayed], [false, true]);
    assertEquals(again.event, first.event);
    assertEquals(await count(sql), before);
  },
);

onEachPath("numbers and key order of JSON do not make content different", async (sql, append) => {
  const key = { idempotency_key: "as a number" };
  const first = await append(sql, stockUpdated(product, { ...key, data: { a: 1, b: [2.5] } }));
  const data = { b: [2.50], a: 1.0 };
  const again = await append(sql, stockUpdated(product, { ...key, data }));
  assertEquals([again.replayed, again.event.id], [true, first.event.id]);
});

onEachPath(
  "a replay is the event as it is now, also after it was processed",
  async (sql, append) => {
    const { event } = await append(sql, keyed);
    await becomeOwner(sql);
    await sql`update public.events set processed = true where id = ${event.id}`;
    const again = await append(sql, keyed);
    assertEquals([again.replayed, again.event.id, again.event.processed], [true, event.id, true]);
  },
);

onEachPath(
  "a replay needs no version: the expectation was met the first time",
  async (sql, append) => {
    const first = await append(sql, { ...keyed, expected_version: 0 });
    const again = await append(sql, { ...keyed, expected_version: 0 });
    assertEquals([again.replayed, again.event.id], [true, first.event.id]);
  },
);

onEachPath(
  "a replay under a newer schema version is still the first event",
  async (sql, append) => {
    const first = await append(sql, keyed);
    await becomeOwner(sql);
    await sql`update public.event_types set schema_version = 2 where schema_version = 1`;
    await become(sql, "service_role");
    const lookedUp = await post(sql, [{ ...keyed, schema_version: 2 }]);
    assertEquals([lookedUp.replayed, lookedUp.events[0]?.id], [true, first.event.id]);
  },
);

const changes: Record<string, Partial<Posting>> = {
  "other data": { data: { quantity_change: 2, reason: "Counted again" } },
  "other metadata": { metadata: { line: 2 } },
  "another type": { event_type: "product.discontinued" },
  "another aggregate": { aggregate_id: id("keyed product", 2) },
  "another aggregate type": {
    event_type: "order.status_changed",
    aggregate_type: "order",
  },
  "a correlation": { correlation_id: id("flow", 2) },
  "a user": { user_id: ANNA },
};

for (const [name, change] of Object.entries(changes)) {
  onEachPath(`the same key with ${name} is refused with ES008`, async (sql, append) => {
    await append(sql, keyed);
    const before = await count(sql);
    assertEquals(await outcomeOf(sql, (s) => append(s, { ...keyed, ...change })), "ES008");
    assertEquals(await count(sql), before);
  });
}

onEachPath("the same key with a cause is refused with ES008", async (sql, append) => {
  const { event: cause } = await append(sql, stockUpdated(product));
  await append(sql, keyed);
  const caused = { ...keyed, causation_id: cause.id };
  assertEquals(await outcomeOf(sql, (s) => append(s, caused)), "ES008");
});

onEachPath("a key is its creator's own: others may use the same", async (sql, append) => {
  const ids = new Set<string>();
  for (const [number, who] of [ANNA, BEN, STAFF].entries()) {
    const order = orderCreated(id("keyed order", number), ANNA, {
      idempotency_key: "each creator has this one",
    });
    const first = await append(sql, order, user(who));
    const again = await append(sql, order, user(who));
    assertEquals([first.replayed, again.replayed], [false, true]);
    ids.add(first.event.id).add(again.event.id);
  }
  const backends = await append(sql, { ...keyed, idempotency_key: "each creator has this one" });
  assertEquals(backends.replayed, false);
  assertEquals(ids.size, 3);
});

onEachPath("a key that another's event holds reveals nothing of it", async (sql, append) => {
  const annas = orderCreated(id("keyed order", 9), ANNA, { idempotency_key: "private" });
  await append(sql, annas, user(ANNA));
  const outcome = await outcomeOf(sql, (s) => append(s, annas, user(BEN)));
  assertEquals(outcome, "ES006");
});

onEachPath("a replay whose creator lost the right to post is refused", async (sql, append) => {
  await append(sql, keyed, user(STAFF));
  await becomeOwner(sql);
  await sql`delete from public.user_roles where user_id = ${STAFF}`;
  assertEquals(await outcomeOf(sql, (s) => append(s, keyed, user(STAFF))), "ES005");
});

onEachPath("an empty key is no key: refused", async (sql, append) => {
  const outcome = await outcomeOf(sql, (s) => append(s, { ...keyed, idempotency_key: "" }));
  assertEquals(outcome, "23514");
});

onEachPath("a refused append leaves its key free", async (sql, append) => {
  const wrong = { ...keyed, expected_version: 5 };
  assertEquals(await outcomeOf(sql, (s) => append(s, wrong)), "ES007");
  assertEquals((await append(sql, keyed)).replayed, false);
});

const batch = ["a", "b", "c"].map((key, i) =>
  stockUpdated(id("keyed batch", i), { idempotency_key: key })
);

async function asService(run: (sql: TransactionSql) => Promise<void>): Promise<void> {
  await undone(async (sql) => {
    await become(sql, "service_role");
    await run(sql);
  });
}

Deno.test("a batch replays as a whole, in its own order", async () => {
  await asService(async (sql) => {
    const first = await post(sql, batch);
    const again = await post(sql, batch);
    assertEquals(again, { events: first.events, replayed: true });
    const turned = await post(sql, batch.toReversed());
    assertEquals(
      turned.events.map((event) => event.idempotency_key),
      ["c", "b", "a"],
      "the answer to each event stands in its place",
    );
  });
});

Deno.test("a batch of which some, not all, were stored before is refused with ES008", async () => {
  await asService(async (sql) => {
    await post(sql, batch.slice(1, 2));
    assertEquals(await outcomeOf(sql, (s) => post(s, batch)), "ES008");
    const unkeyed = stockUpdated(id("keyed batch", 4));
    assertEquals(await outcomeOf(sql, (s) => post(s, [...batch.slice(1, 2), unkeyed])), "ES008");
    assertEquals((await post(sql, batch.slice(1, 2))).replayed, true);
  });
});

Deno.test("a batch of which one event has other content is refused with ES008", async () => {
  await asService(async (sql) => {
    await post(sql, batch);
    const changed = batch.with(2, { ...batch[2]!, data: { quantity_change: 9 } }); // has three
    assertEquals(await outcomeOf(sql, (s) => post(s, changed)), "ES008");
  });
});

Deno.test("one key twice in a batch is refused with ES008, with the same content too", async () => {
  await asService(async (sql) => {
    const other = { ...keyed, data: { quantity_change: 5 } };
    const unkeyed = stockUpdated(product);
    for (const twice of [[keyed, keyed], [keyed, other], [unkeyed, keyed, unkeyed, keyed]]) {
      assertEquals(await outcomeOf(sql, (s) => post(s, twice)), "ES008");
    }
    await post(sql, [keyed]);
    assertEquals(await outcomeOf(sql, (s) => post(s, [keyed, keyed])), "ES008");
  });
});

Deno.test("one key of two creators in a batch of the backend is two keys", async () => {
  await asService(async (sql) => {
    const both = [ANNA, BEN].map((who) => ({ ...keyed, created_by: `user:${who}`, user_id: who }));
    const { events } = await post(sql, both);
    assertEquals(events.map((event) => event.user_id), [ANNA, BEN]);
    assert((await post(sql, both)).replayed);
  });
});

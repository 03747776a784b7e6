/** What post_events stores: numbers, versions, ids, times, and who did it. */
import { assert, assertEquals } from "@std/assert";
import { onEachPath } from "./each_path.ts";
import { ANNA, BEN, STAFF } from "./people.ts";
import { agent, id, orderCreated, post, priceObserved, stockUpdated, user } from "./posting.ts";
import { become, becomeOwner, outcomeOf, undone } from "./undone.ts";

const product = id("post product", 1);
const order = id("post order", 1);

onEachPath("an event is stored as posted, and returned as stored", async (sql, append) => {
  const { event: cause } = await append(sql, stockUpdated(id("post product", 2)));
  const posted = stockUpdated(product, {
    metadata: { source: "web_ui" },
    correlation_id: id("flow", 1),
    causation_id: cause.id,
    idempotency_key: "stored as posted",
  });
  const { event, replayed } = await append(sql, posted);
  assertEquals(replayed, false);
  const { id: _, event_number: __, created_at: ___, ...rest } = event;
  assertEquals<unknown>(rest, {
    ...posted,
    aggregate_version: 1,
    created_by: "system",
    user_id: null,
    owner_id: null,
    processed: false,
    processed_at: null,
    processing_attempts: 0,
    processing_error: null,
    next_attempt_at: null,
    skip_reason: null,
  });
  await becomeOwner(sql);
  const [row] = await sql`select to_jsonb(e) as event from public.events e where id = ${event.id}`;
  assertEquals(row?.event, event);
});

onEachPath("metadata is an empty object unless given", async (sql, append) => {
  assertEquals((await append(sql, stockUpdated(product))).event.metadata, {});
});

onEachPath(
  "versions of an aggregate are 1, 2, 3… and numbers grow with them",
  async (sql, append) => {
    let last = 0;
    for (const version of [1, 2, 3, 4]) {
      const { event } = await append(sql, stockUpdated(product));
      assertEquals(event.aggregate_version, version);
      assert(event.event_number > last);
      last = event.event_number;
    }
  },
);

onEachPath("an aggregate is its type and its id", async (sql, append) => {
  const { event: first } = await append(sql, stockUpdated(product));
  const { event: other } = await append(sql, orderCreated(product, ANNA));
  const { event: second } = await append(sql, stockUpdated(product));
  assertEquals([first, other, second].map((event) => event.aggregate_version), [1, 1, 2]);
});

onEachPath("ids are UUIDs of version 7 that carry the time", async (sql, append) => {
  const { event } = await append(sql, stockUpdated(product));
  assert(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(event.id));
  const milliseconds = parseInt(event.id.replace("-", "").slice(0, 12), 16);
  assertEquals(milliseconds, Math.floor(new Date(event.created_at).getTime()));
});

onEachPath("times of an aggregate never go back, and are of the append", async (sql, append) => {
  const [clock] = await sql`select clock_timestamp()::text as before`;
  const times: string[] = [clock?.before];
  for (let i = 0; i < 5; i++) {
    times.push((await append(sql, stockUpdated(product))).event.created_at);
  }
  const [row] = await sql`
    select array_agg(t order by t) = array_agg(t order by i) as ordered, count(distinct t)::integer as times
    from unnest(${times}::timestamptz[]) with ordinality as x(t, i)`;
  assertEquals({ ...row }, { ordered: true, times: times.length });
});

onEachPath(
  "each event waits in the queue, in the partition of its aggregate",
  async (sql, append) => {
    const { event } = await append(sql, stockUpdated(product));
    await becomeOwner(sql);
    const waiting = await sql`
    select partition = private.partition_of(${product}) as right_one, blocked
    from private.unprocessed_events where event_number = ${event.event_number}`;
    assertEquals(waiting.map((row) => ({ ...row })), [{ right_one: true, blocked: false }]);
  },
);

const lies = { created_by: "system", user_id: BEN, posted_by: "staff", owned_by: BEN };

onEachPath(
  "a user is the creator of what they post, whatever the event says",
  async (sql, append) => {
    const { event } = await append(sql, orderCreated(order, ANNA, lies), user(ANNA));
    assertEquals([event.created_by, event.user_id, event.owner_id], [`user:${ANNA}`, ANNA, ANNA]);
  },
);

onEachPath("an agent is the creator of what it posts, and never a user", async (sql, append) => {
  const { event } = await append(sql, priceObserved(order, lies), agent("category"));
  assertEquals([event.created_by, event.user_id, event.owner_id], ["agent:category", null, null]);
});

onEachPath("staff are the creators of what they post, and own none of it", async (sql, append) => {
  const { event } = await append(sql, orderCreated(order, ANNA, lies), user(STAFF));
  assertEquals([event.created_by, event.user_id, event.owner_id], [`user:${STAFF}`, STAFF, null]);
});

onEachPath(
  "the backend may state a creator and a user, who then owns the aggregate",
  async (sql, append) => {
    const stated = { created_by: `user:${BEN}`, user_id: BEN };
    const { event } = await append(sql, orderCreated(order, BEN, stated));
    assertEquals([event.created_by, event.user_id, event.owner_id], [`user:${BEN}`, BEN, BEN]);
    const asAgent = await append(sql, priceObserved(id("post", 1), { created_by: "agent:x" }));
    assertEquals([asAgent.event.created_by, asAgent.event.user_id], ["agent:x", null]);
    const plain = await append(sql, stockUpdated(product));
    assertEquals([plain.event.created_by, plain.event.user_id], ["system", null]);
  },
);

onEachPath("an aggregate stays with the owner of its first event", async (sql, append) => {
  await append(sql, orderCreated(order, ANNA), user(ANNA));
  const { event: staffs } = await append(sql, orderCreated(order, ANNA), user(STAFF));
  const { event: backends } = await append(sql, orderCreated(order, ANNA, { user_id: BEN }));
  assertEquals([staffs.owner_id, backends.owner_id], [ANNA, ANNA]);
  await append(sql, stockUpdated(product), user(STAFF));
  const { event: later } = await append(sql, stockUpdated(product, { user_id: BEN }));
  assertEquals(later.owner_id, null);
});

onEachPath("a creator of no known form is refused", async (sql, append) => {
  for (const created_by of ["user:anna", "agent:", "agent:Category-Agent", "robot", ""]) {
    const outcome = await outcomeOf(sql, (s) => append(s, stockUpdated(product, { created_by })));
    assertEquals(outcome, "23514", created_by);
  }
});

Deno.test("a batch keeps its order over all its aggregates, in numbers and in versions", async () => {
  await undone(async (sql) => {
    await become(sql, "service_role");
    const products = Array.from({ length: 1000 }, (_, i) => id("batch", (i * 7) % 13));
    const batch = products.map((aggregate, i) => stockUpdated(aggregate, { data: { place: i } }));
    const { events } = await post(sql, batch);
    assertEquals(events.map((event) => event.data), batch.map((event) => event.data));
    const versions: Record<string, number> = {};
    events.forEach((event, i) => {
      assert(i === 0 || event.event_number > (events[i - 1]?.event_number ?? 0));
      const version = versions[event.aggregate_id] = (versions[event.aggregate_id] ?? 0) + 1;
      assertEquals(event.aggregate_version, version);
    });
    assertEquals(new Set(events.map((event) => event.id)).size, 1000);
  });
});

Deno.test("post_event appends one event, by the same rules and with the same answer", async () => {
  await undone(async (sql) => {
    await become(sql, "service_role");
    const [row] = await sql`select public.post_event(
      ${sql.json({ ...orderCreated(order, ANNA) })}, ${sql.json(user(ANNA))}) as answer`;
    const { events, replayed } = row?.answer ?? {};
    assertEquals([events.length, events[0].created_by, replayed], [1, `user:${ANNA}`, false]);
    const bad = sql.json({ ...stockUpdated(product) });
    const post = () => sql`select public.post_event(${bad}, ${sql.json(user(ANNA))})`;
    assertEquals(await outcomeOf(sql, post), "ES005");
  });
});

/** Several requests in one call: one transaction, and to each its own outcome. */
import { assertEquals } from "@std/assert";
import type { TransactionSql } from "postgres";
import { ANNA, BEN, STAFF } from "./people.ts";
import {
  agent,
  id,
  orderCreated,
  postEach,
  type Posting,
  priceObserved,
  Refusal,
  service,
  stockUpdated,
  user,
} from "./posting.ts";
import { become, becomeOwner, outcomeOf, undone } from "./undone.ts";

const order = (number: number) => id("each order", number);
const product = (number: number) => id("each product", number);
const request = (event: Posting, actor = service) => ({ events: [event], actor });

function asService(name: string, run: (sql: TransactionSql) => Promise<void>): void {
  Deno.test(name, () =>
    undone(async (sql) => {
      await become(sql, "service_role");
      await run(sql);
    }));
}

/** Versions of what was stored, or the code of the refusal. */
function told(outcomes: Awaited<ReturnType<typeof postEach>>): unknown[] {
  return outcomes.map((outcome) =>
    outcome instanceof Refusal
      ? outcome.code
      : outcome.events.map((event) => event.aggregate_version)
  );
}

asService("outcomes come in the order of the requests, whatever their aggregates", async (sql) => {
  const numbers = [7, 3, 9, 1, 5];
  const outcomes = await postEach(sql, numbers.map((n) => request(stockUpdated(product(n)))));
  const aggregates = outcomes.map((outcome) =>
    outcome instanceof Refusal ? outcome.code : outcome.events[0]?.aggregate_id
  );
  assertEquals(aggregates, numbers.map(product));
});

asService("requests for one aggregate are carried out in their order", async (sql) => {
  const event = (place: number) => stockUpdated(product(1), { data: { place } });
  const outcomes = await postEach(sql, [0, 1, 2].map((place) => request(event(place))));
  assertEquals(told(outcomes), [[1], [2], [3]]);
  const [second] = await sql`select data from public.events
    where aggregate_id = ${product(1)} and aggregate_version = 2`;
  assertEquals(second?.data, { place: 1 });
});

asService("a refused request leaves nothing behind, and the others stand", async (sql) => {
  await postEach(sql, [request(orderCreated(order(1), ANNA), user(ANNA))]);
  const outcomes = await postEach(sql, [
    request(orderCreated(order(1), ANNA, { expected_version: 0 }), user(ANNA)),
    request(orderCreated(order(1), ANNA), user(ANNA)),
    request(orderCreated(order(1), BEN), user(BEN)),
    request(stockUpdated(product(1)), user(BEN)),
    request(orderCreated(order(2), BEN), user(BEN)),
    request(stockUpdated(product(1), { causation_id: id("no event", 1) })),
    request(stockUpdated(product(1)), user(STAFF)),
    request(priceObserved(product(1)), agent("category")),
    request(stockUpdated(product(1)), {}),
    request({ ...stockUpdated(product(1)), data: 7 }),
  ]);
  const expected = ["ES007", [2], "ES006", "ES005", [1], "ES009", [1], [1], "ES013", "23514"];
  assertEquals(told(outcomes), expected);
  await becomeOwner(sql);
  const heads = await sql`
    select a.version::integer as version, (select count(*)::integer from public.events e
      where e.aggregate_type = a.aggregate_type and e.aggregate_id = a.aggregate_id) as events
    from private.aggregates a where a.aggregate_id = any (${[order(1), order(2), product(1)]})`;
  assertEquals(heads.length, 4);
  for (const { version, events } of heads) assertEquals(version, events);
  const waiting = await sql`
    select from public.events e full join private.unprocessed_events u using (event_number)
    where (e.event_number is null or u.event_number is null) and not coalesce(e.processed, false)`;
  assertEquals(waiting.length, 0);
});

asService("each request is of its own actor", async (sql) => {
  const outcomes = await postEach(sql, [
    request(orderCreated(order(1), ANNA), user(ANNA)),
    request(orderCreated(order(2), ANNA), user(BEN)),
    request(priceObserved(order(3)), agent("category")),
    request(stockUpdated(product(1))),
  ]);
  const creators = outcomes.map((outcome) =>
    outcome instanceof Refusal ? outcome.code : outcome.events[0]?.created_by
  );
  assertEquals(creators, [`user:${ANNA}`, `user:${BEN}`, "agent:category", "system"]);
});

asService("who makes an aggregate owns it, among the requests of one call, too", async (sql) => {
  const outcomes = await postEach(sql, [
    request(orderCreated(order(1), ANNA), user(ANNA)),
    request(orderCreated(order(1), BEN), user(BEN)),
  ]);
  assertEquals(told(outcomes).sort(), ["ES006", [1]].sort());
  const both = [request(stockUpdated(product(1)), user(STAFF)), request(stockUpdated(product(2)))];
  assertEquals(told(await postEach(sql, both)), [[1], [1]]);
  await becomeOwner(sql);
  const owned = await sql`select owner_id from private.aggregates
    where aggregate_id = any (${[product(1), product(2)]}) and owner_id is not null`;
  assertEquals(owned.length, 0);
});

asService("requests that were all, or in part, posted before are answered as then", async (sql) => {
  const keyed = (number: number) =>
    request(stockUpdated(product(number), { idempotency_key: `again ${number}` }));
  const ids = (outcomes: Awaited<ReturnType<typeof postEach>>) =>
    outcomes.map((outcome) =>
      outcome instanceof Refusal ? outcome.code : [outcome.events[0]?.id, outcome.replayed]
    );
  const first = ids(await postEach(sql, [keyed(2), keyed(1)]));
  const replayed = first.map(([id]) => [id, true]);
  assertEquals(ids(await postEach(sql, [keyed(2), keyed(1)])), replayed);
  const mixed = ids(await postEach(sql, [keyed(3), keyed(1), keyed(2)]));
  assertEquals(mixed.slice(1), replayed.toReversed());
  assertEquals(mixed[0]?.[1], false);
});

asService("the same request twice in a call is one event", async (sql) => {
  const event = stockUpdated(product(1), { idempotency_key: "twice", expected_version: 0 });
  const outcomes = await postEach(sql, [request(event), request(event)]);
  assertEquals(told(outcomes), [[1], [1]]);
  assertEquals(outcomes.map((outcome) => "replayed" in outcome && outcome.replayed), [false, true]);
});

asService(
  "a key with other content in the same call is refused to the second alone",
  async (sql) => {
    const event = stockUpdated(product(1), { idempotency_key: "other" });
    const other = { ...event, data: { quantity_change: 9 } };
    assertEquals(told(await postEach(sql, [request(event), request(other)])), [[1], "ES008"]);
  },
);

asService("trouble that is not of one request undoes the call", async (sql) => {
  await becomeOwner(sql);
  await sql`create function private.trouble() returns trigger language plpgsql
    as 'begin raise exception ''no space left'' using errcode = ''53100''; end'`;
  await sql`create trigger trouble before insert on public.events for each row
    when (new.data ? 'trouble') execute function private.trouble()`;
  await become(sql, "service_role");
  const requests = [
    request(stockUpdated(product(1))),
    request(stockUpdated(product(2), { data: { trouble: true } })),
  ];
  assertEquals(await outcomeOf(sql, (s) => postEach(s, requests)), "53100");
});

import { assert, assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { openSql } from "../../support/stack.ts";
import { id, stored } from "../shop.ts";
import { done, refusal, staff, untilProcessed } from "./manager.ts";

interface State {
  aggregate_id: string;
  version: number;
  state: Record<string, unknown> | null;
  blocked_by: unknown;
}

/** All pages of the state of a type. */
async function wholeState(type: string, query: Record<string, string | number> = {}) {
  const states: State[] = [];
  let cursor: string | null = null;
  do {
    const search = new URLSearchParams(
      Object.entries({ ...query, ...cursor ? { cursor } : {} }).map(([k, v]) => [k, String(v)]),
    );
    const page: { aggregate_type: string; states: State[]; next: string | null } = await done(
      `state/${type}?${search}`,
    );
    assertEquals(page.aggregate_type, type);
    states.push(...page.states);
    cursor = page.next;
  } while (cursor !== null);
  return states;
}

const dealers = ["whole: a", "whole: b", "whole: c"].map(id);
const dealer = (aggregate_id: string, event_type: string, data: unknown) => ({
  event_type,
  aggregate_type: "dealer",
  aggregate_id,
  data,
});
const application = {
  company_name: "Deccan Pumps",
  contact_name: "Ravi Joshi",
  email: "ravi@deccanpumps.example.com",
};
const format = 'YYYY-MM-DD"T"HH24:MI:SS.US"+05:30"';
const price = (of: string, price: number) => ({ product_id: id(of), sku: of, price });

/** The stories of three dealers, in turns. */
const story: { id: string; event_number: number; created_at: string }[] = [];
for (const one of dealers) {
  story.push(await stored(dealer(one, "dealer.application_submitted", application), staff));
}
for (const [index, one] of dealers.entries()) {
  const reason = "yearly";
  const facts: [string, unknown][] = [
    ["dealer.approved", { tier: "silver", discount_percent: 5 + index }],
    ["dealer.pricing_updated", { prices: [price("P1", 10), price("P2", 20 + index)], reason }],
    ["dealer.pricing_withdrawn", { product_ids: [id("P1")], reason }],
    ["dealer.suspended", { reason }],
  ];
  for (const [type, data] of facts) story.push(await stored(dealer(one, type, data), staff));
}
// Two events in one append share their time to the microsecond, and differ in number.
const batch = await callFunction("events/batch", {
  ...staff,
  body: { events: dealers.map((one) => dealer(one, "dealer.reinstated", { reason: "paid" })) },
});
story.push(...batch.body.events);

async function single(dealerId: string, query: string) {
  const { status, body } = await callFunction(
    `events/aggregate/dealer/${dealerId}/state?${query}`,
    staff,
  );
  return status === 404 ? null : { version: body.version, state: body.state };
}

function ofMine(states: State[], dealerId: string) {
  const found = states.find(({ aggregate_id }) => aggregate_id === dealerId);
  return found ? { version: found.version, state: found.state } : null;
}

Deno.test("at every event of the log each state equals the aggregate's own /state", async () => {
  for (const { event_number } of story) {
    const states = await wholeState("dealer", { at_event: event_number });
    for (const one of dealers) {
      assertEquals(ofMine(states, one), await single(one, `at_event=${event_number}`));
    }
  }
});

Deno.test("at the time of every event each state equals the aggregate's own /state", async () => {
  for (const { created_at } of story) {
    const query = `as_of=${encodeURIComponent(created_at)}`;
    const states = await wholeState("dealer", { as_of: created_at });
    for (const one of dealers) assertEquals(ofMine(states, one), await single(one, query));
  }
});

Deno.test("a time is meant to the microsecond, in any zone", async () => {
  await using sql = openSql();
  const last = story.at(-1)?.id ?? "";
  const [times] = await sql<{ at: string; before: string }[]>`
    select to_char(created_at at time zone 'Asia/Kolkata', ${format}) as at,
      to_char((created_at - interval '1 microsecond') at time zone 'Asia/Kolkata', ${format})
        as before
    from events where id = ${last}`;
  for (const [as_of, version] of [[times?.at, 6], [times?.before, 5]] as const) {
    const states = await wholeState("dealer", { as_of: as_of ?? "" });
    for (const one of dealers) {
      const found = ofMine(states, one);
      assertEquals(found?.version, version, as_of);
      assertEquals(found, await single(one, `as_of=${encodeURIComponent(as_of ?? "")}`));
    }
  }
});

Deno.test("before the first event there is nothing", async () => {
  const states = await wholeState("dealer", { as_of: "2000-01-01T00:00:00Z" });
  assertEquals(states, []);
});

Deno.test("now it equals the state tables", async () => {
  await untilProcessed(story.at(-1)?.id ?? "");
  await using sql = openSql();
  const states = await wholeState("dealer");
  for (const one of dealers) {
    const [row] = await sql`
      select to_jsonb(d) || jsonb_build_object('prices', coalesce((
        select jsonb_agg(to_jsonb(p) order by p.product_id) from dealer_prices p
        where p.dealer_id = d.id), '[]')) as state
      from dealers d where d.id = ${one}`;
    assertEquals(ofMine(states, one)?.state, row?.state);
  }
});

Deno.test("pages of any size hold each aggregate once, in the order of their ids", async () => {
  const all = await wholeState("dealer", { limit: 500 });
  const ids = all.map(({ aggregate_id }) => aggregate_id);
  assertEquals(ids, ids.toSorted());
  assertEquals(new Set(ids).size, ids.length);
  assert(ids.length >= 3);
  for (const limit of [1, 2, ids.length]) {
    assertEquals(await wholeState("dealer", { limit }), all);
  }
});

Deno.test("an aggregate that the domain refuses to fold on says which event is in the way", async () => {
  const one = id("whole: blocked");
  await stored(dealer(one, "dealer.application_submitted", application), staff);
  const again = await stored(dealer(one, "dealer.application_submitted", application), staff);
  const states = await wholeState("dealer");
  const found = states.find(({ aggregate_id }) => aggregate_id === one);
  assertEquals(found?.version, 1);
  const { event_id, code } = found?.blocked_by as { event_id: string; code: string };
  assertEquals([event_id, code], [again.id, "impossible_transition"]);
});

Deno.test("an unknown type is 404; bad parameters are 400", async () => {
  assertEquals(await refusal("state/nonsense"), [404, "aggregate_type_not_found"]);
  assertEquals(await refusal("state/system"), [404, "aggregate_type_not_found"]);
  const parameter = [400, "invalid_parameter"];
  for (
    const query of [
      "as_of=2026-01-01T00:00:00Z&at_event=1",
      "as_of=yesterday",
      "as_of=2026-01-01",
      "at_event=0",
      "at_event=1.5",
      "at_event=x",
      "at_event=99999999999999999999",
      "limit=0",
      "limit=501",
      "cursor=abc",
      "cursor=",
      "page=2",
    ]
  ) {
    assertEquals(await refusal(`state/dealer?${query}`), parameter, query);
  }
});

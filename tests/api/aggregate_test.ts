import { assertEquals } from "@std/assert";
import { callFunction } from "../support/call_function.ts";
import { eventually } from "../support/eventually.ts";
import { openSql } from "../support/stack.ts";
import { id, person, priceChanged, productCreated, stored } from "./shop.ts";

const staff = await person("staff");
const pump = id("aggregate: pump");
const path = `events/aggregate/product/${pump}`;

function price(new_price: number) {
  const data = { old_price: 100, new_price, reason: "sale" };
  return priceChanged(pump, { data });
}

const first = await stored(productCreated(pump), staff);
const second = await stored(price(90), staff);
const elsewhere = await stored(productCreated(id("aggregate: elsewhere")), staff);
const third = await stored(price(80), staff);

async function stateAt(query: Record<string, string | number> = {}) {
  const search = new URLSearchParams(Object.entries(query).map(([k, v]) => [k, String(v)]));
  const answer = await callFunction(`${path}/state?${search}`, staff);
  assertEquals(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

Deno.test("the history is oldest first and pages by version", async () => {
  const whole = await callFunction(`${path}/history`, staff);
  assertEquals(
    [whole.body.events.map((one: { id: string }) => one.id), whole.body.next],
    [[first.id, second.id, third.id], null],
  );
  const page = await callFunction(`${path}/history?limit=2`, staff);
  assertEquals([page.body.events.length, page.body.next], [2, 2]);
  const rest = await callFunction(`${path}/history?limit=2&cursor=2`, staff);
  assertEquals(rest.body.events.map((one: { id: string }) => one.id), [third.id]);
});

Deno.test("the state now equals the row of the state table", async () => {
  const { state, ...where } = await stateAt();
  assertEquals(where, {
    aggregate_type: "product",
    aggregate_id: pump,
    version: 3,
    as_of: third.created_at,
    last_event_number: third.event_number,
    blocked_by: null,
  });
  await using sql = openSql();
  await eventually(async () => {
    const [row] = await sql`select to_jsonb(p) as row from products p where id = ${pump}`;
    const { costs: _, ...main } = state;
    assertEquals(row?.row, main);
  });
});

Deno.test("the state then is found by version, by time, and by any event of the log", async () => {
  for (const at_version of [1, 2, 3]) {
    assertEquals((await stateAt({ at_version })).state.base_price, [100, 90, 80][at_version - 1]);
  }
  assertEquals((await stateAt({ as_of: second.created_at })).state.base_price, 90);
  assertEquals((await stateAt({ as_of: "2999-01-01T00:00:00Z" })).version, 3);
  assertEquals((await stateAt({ at_event: second.id })).state.base_price, 90);
  assertEquals((await stateAt({ at_event: elsewhere.id })).state.base_price, 90);
  assertEquals((await stateAt({ at_event: third.event_number })).state.base_price, 80);
});

Deno.test("before its first event there was no such aggregate: 404", async () => {
  for (const query of ["as_of=2000-01-01T00:00:00Z", "at_event=0"]) {
    const answer = await callFunction(`${path}/state?${query}`, staff);
    assertEquals([answer.status, answer.body.code], [404, "aggregate_not_found"]);
  }
  const answer = await callFunction(`${path}/state?at_event=${id("no such event")}`, staff);
  assertEquals([answer.status, answer.body.code], [404, "event_not_found"]);
});

Deno.test("two points in time at once are 400", async () => {
  const answer = await callFunction(`${path}/state?at_version=1&at_event=1`, staff);
  assertEquals([answer.status, answer.body.code], [400, "invalid_parameter"]);
});

Deno.test("a long history is read page by page", async () => {
  const long = id("aggregate: long");
  const change = (new_price: number) =>
    priceChanged(long, { data: { old_price: 1, new_price, reason: "sale" } });
  const events = [productCreated(long), ...Array.from({ length: 999 }, (_, i) => change(i + 1))];
  await callFunction("events/batch", { body: { events }, token: staff.token });
  await stored(change(5000), staff);
  const { body } = await callFunction(`events/aggregate/product/${long}/state`, staff);
  assertEquals([body.version, body.state.base_price], [1001, 5000]);
});

Deno.test("an event that the domain refuses stops the state, and is named", async () => {
  const twice = id("aggregate: twice");
  await stored(productCreated(twice), staff);
  const refused = await stored(productCreated(twice), staff);
  await stored(priceChanged(twice), staff);
  const { status, body } = await callFunction(`events/aggregate/product/${twice}/state`, staff);
  assertEquals([status, body.version, body.state.base_price], [200, 1, 100]);
  assertEquals([body.blocked_by.event_id, body.blocked_by.code], [refused.id, "already_created"]);
});

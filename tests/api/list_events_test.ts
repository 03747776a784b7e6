import { assertEquals } from "@std/assert";
import { callFunction } from "../support/call_function.ts";
import { eventually } from "../support/eventually.ts";
import {
  backend,
  categoryAgent,
  customerRegistered,
  id,
  person,
  priceChanged,
  productCreated,
  stored,
} from "./shop.ts";

const staff = await person("staff");
const customer = await person("customer");

const pump = id("list: pump");
const valve = id("list: valve");
const casey = id("list: casey");
const correlation_id = "list-flow-1";
const valveData = { sku: "V-LIST", name: "Valve", base_price: 20 };
const created = await stored(productCreated(pump, { correlation_id }), staff);
const changed = await stored(
  priceChanged(pump, { causation_id: created.id, correlation_id }),
  backend(),
);
const valveCreated = await stored(productCreated(valve, { data: valveData }), staff);
const registered = await stored(customerRegistered(casey), customer);

interface Listed {
  id: string;
  event_number: number;
  processed: boolean;
}

async function list(
  query: Record<string, string>,
  credential: { token?: string; key?: string } = staff,
) {
  const answer = await callFunction(`events?${new URLSearchParams(query)}`, credential);
  assertEquals(answer.status, 200, JSON.stringify(answer.body));
  return answer.body as { events: Listed[]; next: number | null }; // as the contract says
}

async function ids(query: Record<string, string>, credential?: { token?: string; key?: string }) {
  return (await list(query, credential)).events.map((event) => event.id);
}

Deno.test("GET /events filters by aggregate, newest first unless asc is asked for", async () => {
  const of = { aggregate_type: "product", aggregate_id: pump };
  assertEquals(await ids(of), [changed.id, created.id]);
  assertEquals(await ids({ ...of, order: "asc" }), [created.id, changed.id]);
  assertEquals(await ids({ aggregate_type: "order", aggregate_id: pump }), []);
});

Deno.test("GET /events filters by type and by prefix", async () => {
  const aggregate_id = pump;
  assertEquals(await ids({ aggregate_id, event_type: "product.created" }), [created.id]);
  assertEquals(await ids({ aggregate_id, event_type: "product.*" }), [changed.id, created.id]);
  assertEquals(await ids({ aggregate_id, event_type: "product.price_*" }), [changed.id]);
  assertEquals(await ids({ aggregate_id, event_type: "order.*" }), []);
  // `_` stands for itself, not for any character.
  assertEquals(await ids({ aggregate_id, event_type: "product._*" }), []);
});

Deno.test("GET /events filters by correlation key or its UUID, and by cause", async () => {
  assertEquals(await ids({ correlation_id }), [changed.id, created.id]);
  assertEquals(await ids({ correlation_id: created.correlation_id }), [changed.id, created.id]);
  assertEquals(created.metadata.correlation_key, correlation_id);
  assertEquals(await ids({ causation_id: created.id }), [changed.id]);
});

Deno.test("GET /events filters by author and user", async () => {
  assertEquals(await ids({ aggregate_id: pump, created_by: "system" }), [changed.id]);
  assertEquals(await ids({ aggregate_id: casey, user_id: customer.userId }), [registered.id]);
});

Deno.test("GET /events filters by what the data contain", async () => {
  assertEquals(await ids({ data: `{"sku":"V-LIST"}` }), [valveCreated.id]);
  assertEquals(await ids({ data: `{"sku":"V-LIST","base_price":20}` }), [valveCreated.id]);
  assertEquals(await ids({ data: `{"sku":"V-LIST","base_price":21}` }), []);
});

Deno.test("GET /events filters by time: since is included, until is not", async () => {
  const aggregate_id = pump;
  assertEquals(await ids({ aggregate_id, since: changed.created_at }), [changed.id]);
  assertEquals(await ids({ aggregate_id, until: changed.created_at }), [created.id]);
  assertEquals(await ids({ aggregate_id, since: "2999-01-01T00:00:00Z" }), []);
});

Deno.test("GET /events filters by processing", async () => {
  await eventually(async () => {
    assertEquals(await ids({ aggregate_id: valve, processed: "true" }), [valveCreated.id]);
  });
  assertEquals(await ids({ aggregate_id: valve, processed: "false" }), []);
  assertEquals(await ids({ aggregate_id: valve, failed: "true" }), []);
  assertEquals(await ids({ aggregate_id: valve, failed: "false" }), [valveCreated.id]);
});

Deno.test("GET /events finds a failed event as failed and as unprocessed, in both orders", async () => {
  // Created twice: the second is a fact that contradicts the first.
  const twice = await stored(productCreated(valve, { data: valveData }), staff);
  await eventually(async () => {
    assertEquals(await ids({ aggregate_id: valve, failed: "true" }), [twice.id]);
  });
  for (const order of ["asc", "desc"]) {
    assertEquals(await ids({ aggregate_id: valve, processed: "false", order }), [twice.id]);
    assertEquals(await ids({ aggregate_id: valve, processed: "false", failed: "true", order }), [
      twice.id,
    ]);
    assertEquals(
      await ids({ aggregate_id: valve, processed: "false", failed: "false", order }),
      [],
    );
  }
});

Deno.test("GET /events pages through everything once, in both orders", async () => {
  const lever = id("list: lever");
  const changes = Array.from({ length: 4 }, () => priceChanged(lever));
  await callFunction("events/batch", {
    body: { events: [productCreated(lever), ...changes] },
    token: staff.token,
  });
  for (const order of ["asc", "desc"]) {
    const whole = await list({ aggregate_id: lever, order });
    assertEquals([whole.events.length, whole.next], [5, null]);
    const seen: string[] = [];
    let cursor: Record<string, string> = {};
    for (let pages = 1; pages <= 3; pages++) {
      const page = await list({ aggregate_id: lever, order, limit: "2", ...cursor });
      seen.push(...page.events.map((event) => event.id));
      assertEquals(page.next === null, pages === 3);
      cursor = { cursor: String(page.next) };
    }
    assertEquals(seen, whole.events.map((event) => event.id));
  }
});

Deno.test("GET /events has a next page also after a page of 1000", async () => {
  const gear = id("list: gear");
  for (const first of [[productCreated(gear)], []]) {
    const changes = Array.from({ length: 600 }, () => priceChanged(gear));
    await callFunction("events/batch", {
      body: { events: [...first, ...changes] },
      token: staff.token,
    });
  }
  const page = await list({ aggregate_id: gear, limit: "1000" });
  assertEquals(page.events.length, 1000);
  const rest = await list({ aggregate_id: gear, limit: "1000", cursor: String(page.next) });
  assertEquals([rest.events.length, rest.next], [201, null]);
});

Deno.test("GET /events shows a customer their own events, agents and the backend all", async () => {
  assertEquals(await ids({ aggregate_id: casey }, customer), [registered.id]);
  assertEquals(await ids({ aggregate_id: pump }, customer), []);
  assertEquals(await ids({ aggregate_id: pump }, await person("approver")), [
    changed.id,
    created.id,
  ]);
  assertEquals(await ids({ aggregate_id: pump }, categoryAgent()), [changed.id, created.id]);
  assertEquals(await ids({ aggregate_id: casey }, backend()), [registered.id]);
});

Deno.test("GET /events/{id} gives the event as it was posted", async () => {
  const { status, body } = await callFunction(`events/${created.id}`, staff);
  assertEquals(status, 200);
  for (const column of ["event_number", "data", "metadata", "created_by", "created_at"]) {
    assertEquals(body[column], created[column], column);
  }
});

/** How the client asks, and asks again. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  createEventClient,
  EventApiError,
  EventApiUnavailable,
  type NewEvent,
} from "../../../shared/client/mod.ts";
import { answers, brokenOff, type Next, problem } from "./answers.ts";

const url = "http://api.test/";
const key = "sb_secret_test";
const stored = { id: "e1", event_number: 1 };
const event: NewEvent<"product.discontinued"> = {
  event_type: "product.discontinued",
  aggregate_type: "product",
  aggregate_id: "00000000-7e57-4000-8000-000000000001",
  data: { reason: "sold out" },
};

function client(list: Next[], options: { attempts?: number; patience?: number } = {}) {
  const { fetch, asked } = answers(...list);
  return { events: createEventClient({ url, key, fetch, ...options }), asked };
}

Deno.test("a post that gets no answer, half an answer or a passing refusal is repeated with its key", async () => {
  const { events, asked } = client([
    new TypeError("connection refused"),
    brokenOff(),
    new Response("bad gateway", { status: 502 }),
    Response.json(stored, { status: 201 }),
  ]);
  assertEquals((await events.post(event)).id, "e1");
  assertEquals(asked.length, 4);
  const keys = new Set(asked.map(({ body }) => JSON.parse(body).idempotency_key));
  assertEquals(keys.size, 1);
  assert([...keys][0]);
  assertEquals(asked[0]?.url, "http://api.test/functions/v1/events");
  assertEquals(asked[0]?.headers.get("apikey"), key);
});

Deno.test("a batch is repeated whole, each event with its key", async () => {
  const { events, asked } = client([brokenOff(), Response.json({ events: [stored, stored] })]);
  await events.postBatch([event, { ...event, idempotency_key: "mine" }]);
  const bodies = asked.map(({ body }) => JSON.parse(body).events);
  assertEquals(bodies[0], bodies[1]);
  assertEquals([bodies[0][1].idempotency_key, bodies[0].length], ["mine", 2]);
});

Deno.test("Retry-After is waited for", async () => {
  const { events, asked } = client([
    problem(429, "rate_limited", { "Retry-After": "1" }),
    Response.json(stored),
  ]);
  await events.post(event);
  const [first, second] = asked;
  assert((second?.at ?? 0) - (first?.at ?? 0) >= 990);
});

Deno.test("silence is not waited out", async () => {
  const { events, asked } = client(["silence", Response.json(stored)], { patience: 50 });
  assertEquals((await events.post(event)).id, "e1");
  assertEquals(asked.length, 2);
});

Deno.test("a refusal is not asked again and says its code", async () => {
  for (const [status, code] of [[422, "invalid_event_data"], [409, "version_conflict"]] as const) {
    const { events, asked } = client([problem(status, code)]);
    const error = await assertRejects(() => events.post(event), EventApiError);
    assertEquals([error.code, error.status, asked.length], [code, status, 1]);
  }
});

Deno.test("what is not ours is an error with its status, too", async () => {
  const { events } = client([new Response("<html>", { status: 404 })]);
  const error = await assertRejects(() => events.post(event), EventApiError);
  assertEquals([error.code, error.status], ["unexpected_answer", 404]);
});

Deno.test("after so many attempts it is given up, with the last trouble as cause", async () => {
  const { events, asked } = client([problem(503, "database_unavailable")], { attempts: 3 });
  const error = await assertRejects(() => events.post(event), EventApiUnavailable);
  assertEquals(asked.length, 3);
  assertEquals((error.cause as EventApiError).code, "database_unavailable");
});

Deno.test("an abort ends the request, and the wait for the next, at once", async () => {
  for (const next of ["silence", problem(503, "x", { "Retry-After": "20" })] as const) {
    const { events, asked } = client([next]);
    const abort = new AbortController();
    const started = performance.now();
    setTimeout(() => abort.abort(new Error("enough")), 50);
    await assertRejects(() => events.post(event, { signal: abort.signal }), Error, "enough");
    assert(performance.now() - started < 2_000);
    assertEquals(asked.length, 1);
  }
});

Deno.test("pages are asked for as they are read", async () => {
  const pages = [
    { events: [{ event_number: 5 }, { event_number: 4 }], next: 4 },
    { events: [{ event_number: 3 }, { event_number: 2 }], next: 2 },
  ].map((page) => Response.json(page));
  const { events, asked } = client(pages);
  const read: number[] = [];
  for await (const { event_number } of events.query({ processed: false, data: { a: 1 } })) {
    read.push(event_number);
    if (read.length === 3) break;
  }
  assertEquals(read, [5, 4, 3]);
  const queries = asked.map(({ url }) => Object.fromEntries(new URL(url).searchParams));
  assertEquals(queries, [
    { processed: "false", data: `{"a":1}`, limit: "500" },
    { processed: "false", data: `{"a":1}`, limit: "500", cursor: "4" },
  ]);
});

Deno.test("a limit is the last page's size", async () => {
  const { events, asked } = client([
    Response.json({ events: [{ event_number: 1 }], next: null }),
  ]);
  for await (const _ of events.query({ limit: 7 })) { /* counted below */ }
  for await (const _ of events.query({ limit: 0 })) { /* asks for nothing */ }
  assertEquals(asked.map(({ url }) => new URL(url).searchParams.get("limit")), ["7"]);
});

Deno.test("a session gives its token, freshly for each attempt; key and session exclude each other", async () => {
  const { fetch, asked } = answers(problem(503, "x"), Response.json(stored));
  let asks = 0;
  const session = () => Promise.resolve(`token ${++asks}`);
  await createEventClient({ url, session, fetch }).post(event);
  assertEquals(asked.map(({ headers }) => headers.get("authorization")), [
    "Bearer token 1",
    "Bearer token 2",
  ]);
  // @ts-expect-error neither
  assertThrows(() => createEventClient({ url }), TypeError);
  // @ts-expect-error both
  assertThrows(() => createEventClient({ url, key, session }), TypeError);
});

Deno.test("what stands in a path is encoded", async () => {
  const { events, asked } = client([Response.json({ events: [], next: null })]);
  await events.history("product", "../../types?x=1");
  assertEquals(
    new URL(asked[0]?.url ?? "").pathname,
    "/functions/v1/events/aggregate/product/..%2F..%2Ftypes%3Fx%3D1/history",
  );
});

Deno.test("who gives up says what was asked for", async () => {
  const { events } = client([problem(503, "x")], { attempts: 1 });
  const error = await assertRejects(() => events.post(event), EventApiUnavailable);
  assertEquals(error.message, "POST /events: given up after 1 attempts");
});

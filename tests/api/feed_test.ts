/** The feed over HTTP: who may follow it, where it begins, and what a stream sends. */
import { assert, assertEquals } from "@std/assert";
import { serverSentEvents } from "../../shared/client/server_sent_events.ts";
import { callFunction } from "../support/call_function.ts";
import { runningStack } from "../support/stack.ts";
import { backend, categoryAgent, person, priceChanged, productCreated, stored } from "./shop.ts";

const staff = await person("staff");
const customer = await person("customer");
const { url, keys } = runningStack();

/** A product of its own with three price changes. */
async function story(): Promise<{ product: string; numbers: number[] }> {
  const product = crypto.randomUUID();
  const events = [await stored(productCreated(product), backend())];
  for (let i = 0; i < 3; i++) events.push(await stored(priceChanged(product), backend()));
  return { product, numbers: events.map(({ event_number }) => event_number) };
}

/** The first messages of a stream: their ids, and the numbers of the events in them. */
async function streamed(query: string, count: number, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/functions/v1/events/feed?${query}`, {
    headers: { apikey: keys.secret, accept: "text/event-stream", ...headers },
  });
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("content-type"), "text/event-stream");
  const numbers: number[] = [];
  for await (const { id, data } of serverSentEvents(response)) {
    if (data === "") continue;
    assertEquals(JSON.parse(data).event_number, Number(id));
    numbers.push(Number(id));
    if (numbers.length === count) break;
  }
  return numbers;
}

Deno.test("staff, agents and the backend follow the feed; customers, the webhook and strangers do not", async () => {
  for (const accept of ["application/json", "text/event-stream"]) {
    const ask = async (credential: { token?: string; key?: string }) => {
      const headers = { accept };
      const { status, body } = await callFunction("events/feed?after=999999999", {
        ...credential,
        headers,
      });
      return [status, body.code];
    };
    // There is no such place, which only those who may follow are told.
    for (const one of [staff, categoryAgent(), backend()]) {
      assertEquals(await ask(one), [400, "invalid_parameter"]);
    }
    for (const one of [customer, { key: keys.automations }]) {
      assertEquals(await ask(one), [403, "forbidden"]);
    }
    for (const one of [{}, { key: keys.publishable }, { token: "nonsense" }]) {
      assertEquals(await ask(one), [401, "unauthenticated"]);
    }
  }
});

Deno.test("pages follow each other without gap or repeat, whatever the filter", async () => {
  const { product, numbers: [first = 0, ...rest] } = await story();
  const filter = `aggregate_id=${product}&event_type=product.price_changed,order.*`;
  const found: number[] = [];
  let next = first - 1;
  for (let head = false; !head;) {
    const { body } = await callFunction(`events/feed?after=${next}&limit=2&${filter}`, staff);
    found.push(...body.events.map((event: { event_number: number }) => event.event_number));
    ({ next, head } = body);
  }
  assertEquals(found, rest);
});

Deno.test("a stream sends what was asked for, and resumes after Last-Event-ID whatever its URL says", async () => {
  const { product, numbers } = await story();
  const [first = 0, second = 0, ...rest] = numbers;
  const query = `after=${first - 1}&aggregate_id=${product}`;
  assertEquals(await streamed(query, 4), numbers);
  assertEquals(await streamed(query, 2, { "last-event-id": String(second) }), rest);
});

Deno.test("a stream from now on sends nothing that was there, and what comes", async () => {
  const { product } = await story();
  const coming = streamed(`after=now&aggregate_id=${product}`, 1);
  const posted: number[] = [];
  let came: number[] | undefined;
  coming.then((numbers) => came = numbers, () => came = []);
  while (!came) posted.push((await stored(priceChanged(product), backend())).event_number);
  assert(posted.includes((await coming)[0] ?? 0), `${await coming} is none of ${posted}`);
});

Deno.test("a place that is no event number is refused", async () => {
  const headers = { accept: "text/event-stream", "last-event-id": "yesterday" };
  for (
    const [query, more] of [["after=-1", {}], ["after=soon", {}], ["after=0", headers]] as const
  ) {
    const { status, body } = await callFunction(`events/feed?${query}`, {
      ...staff,
      headers: more,
    });
    assertEquals([status, body.code], [400, "invalid_parameter"], query);
  }
});

/** The client against a running stack, over a way that breaks. */
import { assertEquals, assertRejects } from "@std/assert";
import { createClient } from "@supabase/supabase-js";
import {
  createEventClient,
  EventApiError,
  type EventClient,
  isEvent,
  type NewEvent,
} from "../../../shared/client/mod.ts";
import { person } from "../../api/shop.ts";
import { runningStack } from "../../support/stack.ts";
import { FrailProxy } from "../feed/frail_proxy.ts";

const { url, keys } = runningStack();
const key = keys.secret;
const events = createEventClient({ url, key });

function created(aggregate_id: string): NewEvent<"product.created"> {
  const data = { sku: `CL-${aggregate_id}`, name: "Pump", base_price: 100 };
  return { event_type: "product.created", aggregate_type: "product", aggregate_id, data };
}

function priced(aggregate_id: string, new_price: number): NewEvent<"product.price_changed"> {
  const data = { old_price: 100, new_price, reason: "sale" };
  return { event_type: "product.price_changed", aggregate_type: "product", aggregate_id, data };
}

Deno.test("a post whose answer is lost, twice, is stored once", async () => {
  await using proxy = new FrailProxy(url);
  const frail = createEventClient({ url: proxy.url, key });
  const product = crypto.randomUUID();
  proxy.loseAnswers(2);
  const stored = await frail.post(created(product));
  assertEquals(proxy.toLose, 0);
  proxy.loseAnswers(1);
  const batch = await frail.postBatch([priced(product, 90), priced(product, 80)]);
  assertEquals(proxy.toLose, 0);
  const history = await frail.history("product", product);
  assertEquals(history.map(({ id }) => id), [stored.id, ...batch.map(({ id }) => id)]);
});

Deno.test("a session acts for its user; a refusal is an error with the API's code", async () => {
  const { token, userId } = await person("customer");
  const customer = createEventClient({ url, session: { access_token: token } });
  const error = await assertRejects(
    () => customer.post(created(crypto.randomUUID())),
    EventApiError,
  );
  assertEquals([error.status, error.code], [403, "event_type_forbidden"]);
  const aggregate_id = crypto.randomUUID();
  const registered = await customer.post({
    event_type: "customer.registered",
    aggregate_type: "customer",
    aggregate_id,
    data: { email: `${aggregate_id}@example.com`, name: "Casey" },
  });
  assertEquals(registered.created_by, `user:${userId}`);
});

Deno.test("query and history read over pages; stateAt travels in time", async () => {
  const product = crypto.randomUUID();
  await events.post(created(product), { wait: 20 });
  const prices = Array.from({ length: 600 }, (_, i) => priced(product, 1 + i));
  const batch = await events.postBatch(prices);
  const [first, last] = [batch.at(0), batch.at(-1)];

  const newest = await Array.fromAsync(events.query({ aggregate_id: product }));
  assertEquals(newest.map(({ aggregate_version }) => aggregate_version), descending(601));
  const oldest = events.query({ aggregate_id: product, order: "asc", limit: 3 });
  const versions = (await Array.fromAsync(oldest)).map((event) => event.aggregate_version);
  assertEquals(versions, [1, 2, 3]);
  const one = events.query({ aggregate_id: product, data: { new_price: 7 } });
  assertEquals((await Array.fromAsync(one)).map(({ aggregate_version }) => aggregate_version), [8]);

  const history = await events.history("product", product);
  assertEquals(
    history.map(({ aggregate_version }) => aggregate_version),
    descending(601).reverse(),
  );
  const [birth] = history;
  assertEquals(birth && isEvent(birth, "product.created") && birth.data.base_price, 100);

  const price = async (moment: Parameters<EventClient["stateAt"]>[2]) =>
    (await events.stateAt("product", product, moment)).state?.base_price;
  assertEquals(await price({ at_version: 1 }), 100);
  assertEquals(await price({ at_event: first?.event_number ?? 0 }), 1);
  assertEquals(await price({ as_of: last?.created_at ?? "" }), 600);
  assertEquals(await price({}), 600);
});

const descending = (count: number) => Array.from({ length: count }, (_, i) => count - i);

Deno.test("subscribe goes on after where it began, with its filter", async () => {
  const [product, other] = [crypto.randomUUID(), crypto.randomUUID()];
  const { event_number } = await events.post(created(product));
  const following = events.subscribe({ after: event_number, aggregate_id: product });
  await events.postBatch([priced(product, 1), created(other), priced(product, 2)]);
  const seen = [(await following.next()).value, (await following.next()).value];
  assertEquals(seen.map((event) => event?.data.new_price), [1, 2]);
  await following.return();
});

Deno.test("without a websocket the feed's own stream is followed instead", async () => {
  const away = createClient("http://127.0.0.1:9", key, { auth: { persistSession: false } });
  const product = crypto.randomUUID();
  let streams = 0;
  const watched: typeof fetch = (input, init) => {
    if (new Headers(init?.headers).get("accept") === "text/event-stream") streams += 1;
    return fetch(input, init);
  };
  const { event_number } = await events.post(created(product));
  const following = createEventClient({ url, key, fetch: watched })
    .subscribe({ after: event_number, aggregate_id: product, realtime: away });
  for (let price = 1; streams === 0 || price < 4; price++) {
    await events.post(priced(product, price));
    assertEquals((await following.next()).value?.data.new_price, price);
  }
  await following.return();
  await away.realtime.disconnect();
});

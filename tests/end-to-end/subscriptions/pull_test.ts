/** A subscriber that pulls: the same events until it says that it has dealt with them. */
import { assertEquals } from "@std/assert";
import { append, happened, openLog, ownType, subscribe, subscriptions } from "./subscribed.ts";

Deno.test("what is pulled comes again until it is acknowledged, then no more", async () => {
  await using sql = openLog();
  const type = await ownType(sql, "pulled");
  await using created = await subscribe({ name: "pulled", event_types: ["pulled.*"] });
  assertEquals([created.url, created.secret], [null, null as unknown]);
  const events = await append(sql, happened(type, 5, 2));
  const pull = async (limit = 100) => {
    const { body } = await subscriptions(`/pulled/events?limit=${limit}`);
    return { ...body, ids: body.events.map(({ id }: { id: string }) => id) };
  };
  const ids = events.map(({ id }) => id);
  assertEquals((await pull(2)).ids, ids.slice(0, 2));
  assertEquals((await pull(2)).ids, ids.slice(0, 2));
  const { next } = await pull(2);
  const ack = (event_number: unknown) => subscriptions("/pulled/ack", { body: { event_number } });
  assertEquals((await ack(next)).body.cursor, next);
  assertEquals((await pull()).ids, ids.slice(2));
  assertEquals((await ack(events[0]?.event_number)).body.cursor, next); // never back
  const page = await pull();
  await ack(page.next);
  assertEquals([(await pull()).ids, (await pull()).head], [[], true]);

  const beyond = await ack(1e12);
  assertEquals([beyond.status, beyond.body.code], [400, "invalid_parameter"]);
  assertEquals((await ack("1")).status, 422);
  const back = await subscriptions("/pulled/replay", {
    body: { after: (events[2]?.event_number ?? 0) - 1 },
  });
  assertEquals(back.status, 200);
  assertEquals((await pull()).ids, ids.slice(2));
});

Deno.test("a subscription that is pushed is acknowledged by its webhook alone: 409", async () => {
  await using _ = await subscribe({ name: "pushed", url: "http://127.0.0.1:1/" });
  const { status, body } = await subscriptions("/pushed/ack", { body: { event_number: 0 } });
  assertEquals([status, body.code], [409, "wrong_state"]);
});

Deno.test("there is no subscription of that name: 404", async () => {
  for (const path of ["/nobody", "/nobody/events"]) {
    const { status, body } = await subscriptions(path);
    assertEquals([status, body.code], [404, "subscription_not_found"]);
  }
});

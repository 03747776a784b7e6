/** Events reach a webhook at least once, in order per aggregate, whatever it answers. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { eventually } from "../../support/eventually.ts";
import {
  append,
  happened,
  hurry,
  openLog,
  ownType,
  subscribe,
  subscription,
} from "./subscribed.ts";
import { subscriptions } from "./subscribed.ts";
import { assertAllInOrder, Subscriber, takesAll } from "./subscriber.ts";

Deno.test("a webhook that fails every third call, hangs and dies for a while gets every event, in order", async () => {
  await using sql = openLog();
  const type = await ownType(sql, "flaky");
  await using subscriber = new Subscriber((event, call) => {
    if (call === 5 || call === 6) return "hang";
    return call % 3 === 0 ? 500 : event.event_number ? 200 : 400;
  });
  await using _ = await subscribe({
    name: "flaky",
    url: subscriber.url,
    event_types: [type],
    max_attempts: 20,
  });
  const events = await append(sql, happened(type, 60, 7));
  await eventually(() => subscriber.calls.length > 20, 20);
  await subscriber.die();
  events.push(...await append(sql, happened(type, 60, 7)));
  await eventually(async () => {
    const { failed } = await subscription("flaky");
    return failed.some(({ error }) => error === "The subscriber could not be reached");
  }, 20);
  subscriber.revive();
  // Fresh events that come while others of the same aggregate are retried.
  for (let i = 0; i < 8; i++) {
    events.push(...await append(sql, happened(type, 7, 7)));
    await hurry(sql, "flaky", 0, 60);
  }
  await hurry(sql, "flaky", events.at(-1)?.event_number ?? 0, 60);
  assertAllInOrder(subscriber, events);
  const { failed, lag_events } = await subscription("flaky");
  assertEquals([failed, lag_events], [[], 0]);
  assert(subscriber.calls.some(({ answered }) => answered === "hung"));
});

Deno.test("an event that is never taken is parked, holds up only its aggregate, and is replayable", async () => {
  await using sql = openLog();
  const type = await ownType(sql, "poisoned");
  await using subscriber = new Subscriber();
  await using _ = await subscribe({
    name: "poisoned",
    url: subscriber.url,
    aggregate_type: "poisoned",
    max_attempts: 3,
  });
  let poison = "";
  subscriber.behaviour = ({ id }) => id === poison ? 500 : 200;
  const [first, ...others] = happened(type, 12, 3);
  if (!first) throw new Error("no events");
  // Before it is stored, nothing can be delivered: the behaviour knows it in time.
  const events = await sql.begin(async (sql) => {
    const stored = await append(sql as never, [first, ...others]);
    poison = stored[3]?.id ?? "";
    return stored;
  });
  await hurry(sql, "poisoned", events.at(-1)?.event_number ?? 0);
  await eventually(async () => {
    await hurry(sql, "poisoned", 0);
    const { failed: [parked] } = await subscription("poisoned");
    assertEquals([parked?.attempts, parked?.event_number, parked?.next_attempt_at], [
      3,
      events[3]?.event_number,
      null,
    ]);
    assertNotEquals(parked?.parked_at, null);
  });
  assertEquals(subscriber.calls.filter(({ event }) => event.id === poison).length, 3);
  const waiting = events.filter(({ aggregate_id, aggregate_version }) =>
    aggregate_id === events[3]?.aggregate_id && aggregate_version >= 2
  );
  assertEquals(subscriber.took.length, events.length - waiting.length);

  subscriber.behaviour = () => 200;
  assertEquals((await subscriptions("/poisoned/replay", { body: {} })).status, 200);
  await eventually(() => subscriber.took.length === events.length);
  assertAllInOrder(subscriber, events);
  await eventually(async () => assertEquals((await subscription("poisoned")).failed, []));
});

Deno.test("a replay delivers again from any point", async () => {
  await using sql = openLog();
  const type = await ownType(sql, "replayed");
  await using subscriber = new Subscriber();
  const events = await append(sql, happened(type, 10, 2));
  await using _ = await subscribe({
    name: "replayed",
    url: subscriber.url,
    event_types: ["replayed.*"],
    after: events[4]?.event_number ?? 0,
  });
  await eventually(() => subscriber.calls.length === 5);
  const deliveredIds = () => subscriber.calls.map(({ event }) => event.id);
  assertEquals(deliveredIds().sort(), events.slice(5).map(({ id }) => id).sort());
  await eventually(async () => assertEquals((await subscription("replayed")).delivered, 5));

  subscriber.calls.length = 0;
  const after = (events[0]?.event_number ?? 0) - 1;
  assertEquals((await subscriptions("/replayed/replay", { body: { after } })).status, 200);
  await eventually(() => subscriber.calls.length === 10);
  assertAllInOrder(subscriber, events);
  const beyond = await subscriptions("/replayed/replay", { body: { after: 1e12 } });
  assertEquals([beyond.status, beyond.body.code], [400, "invalid_parameter"]);
});

Deno.test("more than one turn takes, of one aggregate behind a failure, keeps its order", async () => {
  await using sql = openLog();
  const type = await ownType(sql, "long");
  await using subscriber = new Subscriber((_, call) => call === 1 ? 500 : 200);
  await using _ = await subscribe({ name: "long", url: subscriber.url, event_types: [type] });
  const events = await append(sql, happened(type, 130, 1));
  await hurry(sql, "long", events.at(-1)?.event_number ?? 0);
  assertAllInOrder(subscriber, events);
  assertEquals(subscriber.calls.length, 131); // not one of them twice but the refused
});

Deno.test("a replay from anywhere keeps what was parked and not delivered", async () => {
  await using sql = openLog();
  const type = await ownType(sql, "kept");
  await using subscriber = new Subscriber(() => 500);
  await using _ = await subscribe({
    name: "kept",
    url: subscriber.url,
    event_types: [type],
    max_attempts: 1,
  });
  const events = await append(sql, happened(type, 4, 2));
  const last = events.at(-1)?.event_number ?? 0;
  const parked = async () => {
    const { cursor, undelivered, failed } = await subscription("kept");
    return [cursor >= last, undelivered, failed.map(({ event_number }) => event_number)];
  };
  const first = events.slice(0, 2).map(({ event_number }) => event_number);
  await eventually(async () => assertEquals(await parked(), [true, 4, first]));
  subscriber.behaviour = takesAll;
  subscriber.calls.length = 0;
  const replay = (body: { after?: number }) => subscriptions("/kept/replay", { body });
  assertEquals((await replay({ after: last })).status, 200);
  assertEquals(await parked(), [true, 4, first]);
  // Between the first and the second: the second aggregate comes again, the first stays parked.
  assertEquals((await replay({ after: first[0] })).status, 200);
  await eventually(async () => assertEquals(await parked(), [true, 2, first.slice(0, 1)]));
  assertAllInOrder(subscriber, [events[1], events[3]].flatMap((event) => event ?? []));
  assertEquals((await replay({})).status, 200);
  await eventually(async () => assertEquals(await parked(), [true, 0, []]));
  assertAllInOrder(subscriber, events);
});

Deno.test("a replay to a later point skips nothing", async () => {
  await using sql = openLog();
  const type = await ownType(sql, "ahead");
  await using subscriber = new Subscriber();
  await using _ = await subscribe({ name: "ahead", url: subscriber.url, event_types: [type] });
  await sql`update private.subscriptions set leased_until = 'infinity' where name = 'ahead'`;
  const events = await append(sql, happened(type, 3, 1));
  await subscriptions("/ahead/replay", { body: { after: events.at(-1)?.event_number } });
  await eventually(() => assertAllInOrder(subscriber, events));
});

Deno.test("once a subscription is deleted no delivery of it begins, and its name is free", async () => {
  await using sql = openLog();
  const type = await ownType(sql, "deleted");
  await using subscriber = new Subscriber();
  await subscribe({ name: "deleted", url: subscriber.url, event_types: [type] });
  subscriber.slowness = 30; // the turn under way has time for many more
  await append(sql, happened(type, 200, 1));
  await eventually(() => subscriber.calls.length > 3);
  assertEquals((await subscriptions("/deleted", { method: "DELETE" })).status, 204);
  const atDeletion = subscriber.calls.length;
  await using again = await subscribe({ name: "deleted", url: subscriber.url });
  assert(again.cursor > 0);
  const [old] = subscriber.calls;
  for (let i = 0; i < 8; i++) { // time for many of the old, too
    const [fresh] = await append(sql, happened(type, 1, 1, 2));
    await eventually(() => subscriber.took.some(({ id }) => id === fresh?.id));
  }
  const more = subscriber.calls.slice(atDeletion)
    .filter(({ event }) => event.aggregate_id === old?.event.aggregate_id);
  assert(more.length <= 1, `${more.length} deliveries after the deletion`); // it was in the air
  const secrets = await sql`select from vault.secrets where name = 'subscription:deleted'`;
  assertEquals(secrets.length, 1);
});

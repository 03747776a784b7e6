/** Several workers at once, workers that die or come too late, and subscribers that are slow. */
import { setTimeout as delay } from "node:timers/promises";
import { assert, assertEquals } from "@std/assert";
import { deliverTaken, takeDeliveries } from "../../../shared/subscriptions/worker.ts";
import { type Push, webhookPush } from "../../../shared/subscriptions/webhook.ts";
import { eventually } from "../../support/eventually.ts";
import { runningStack } from "../../support/stack.ts";
import { serviceClient } from "../../support/traffic/transports.ts";
import {
  append,
  happened,
  hurry,
  openLog,
  ownType,
  ring,
  subscribe,
  subscription,
} from "./subscribed.ts";
import { assertAllInOrder, Subscriber } from "./subscriber.ts";

const client = serviceClient(runningStack());
const never = () => false;

/** One turn of a worker; false when nothing is due. */
async function turn(worker: string, push: Push, isLate: () => boolean): Promise<boolean> {
  const taken = await takeDeliveries(client, worker);
  if (taken) await deliverTaken(client, worker, taken, push, isLate);
  return taken !== null;
}

Deno.test("two workers whose leases end too early never break the order, nor lose an event", async () => {
  await using sql = openLog();
  const type = await ownType(sql, "crowded");
  await using subscriber = new Subscriber((_, call) => call % 7 === 0 ? 500 : 200);
  await using _ = await subscribe({
    name: "crowded",
    url: subscriber.url,
    event_types: [type],
    max_attempts: 20,
  });
  let over = false;
  const slowly: Push = async (target, event) => {
    await delay(Math.random() * 8);
    return await webhookPush(["127.0.0.1"])(target, event);
  };
  const second = Promise.all([1, 2].map(async () => {
    const worker = crypto.randomUUID();
    while (!over) if (!await turn(worker, slowly, never)) await delay(5);
  }));
  const thief = (async () => {
    while (!over) {
      await sql`update private.subscriptions set leased_until = now() where name = 'crowded'`;
      await delay(30);
    }
  })();
  const events = await append(sql, happened(type, 150, 5));
  for (let i = 0; i < 10; i++) {
    await delay(50);
    events.push(...await append(sql, happened(type, 5, 5)));
  }
  await delay(500);
  over = true;
  await Promise.all([second, thief]);
  await hurry(sql, "crowded", events.at(-1)?.event_number ?? 0);
  assertAllInOrder(subscriber, events);
  assert(subscriber.calls.length > events.length, "no lease ended too early");
});

Deno.test("whoever looks at a subscription keeps no worker from it", async () => {
  await using sql = openLog();
  const type = await ownType(sql, "looked_at");
  await using subscriber = new Subscriber();
  await using _ = await subscribe({ name: "looked-at", url: subscriber.url, event_types: [type] });
  await sql.begin(async (looking) => {
    await looking`select public.get_subscription('looked-at', 'system')`;
    await append(sql, happened(type, 1, 1));
    await eventually(() => subscriber.took.length === 1);
  });
});

Deno.test("a worker that dies between pushing and keeping it is followed by one that pushes again", async () => {
  await using sql = openLog();
  const type = await ownType(sql, "orphaned");
  await using subscriber = new Subscriber();
  await using _ = await subscribe({ name: "orphaned", url: subscriber.url, event_types: [type] });
  await sql`update private.subscriptions set leased_until = 'infinity' where name = 'orphaned'`;
  const events = await append(sql, happened(type, 3, 1));
  await delay(200);
  assertEquals(subscriber.calls.length, 0); // somebody holds it and does nothing
  await sql`update private.subscriptions set leased_until = now() where name = 'orphaned'`;
  await hurry(sql, "orphaned", events.at(-1)?.event_number ?? 0);
  assertAllInOrder(subscriber, events);
});

Deno.test("a subscriber slower than a turn is served, turn by turn", async () => {
  await using sql = openLog();
  const type = await ownType(sql, "slow");
  await using subscriber = new Subscriber();
  await using _ = await subscribe({ name: "slow", url: subscriber.url, event_types: [type] });
  await sql`update private.subscriptions set leased_until = 'infinity' where name = 'slow'`;
  const events = await append(sql, happened(type, 30, 3));
  await sql`update private.subscriptions set leased_until = '-infinity' where name = 'slow'`;
  // Time for four pushes a turn.
  let pushed = 0;
  const counting: Push = (target, event) => {
    pushed += 1;
    return webhookPush(["127.0.0.1"])(target, event);
  };
  const worker = crypto.randomUUID();
  for (let i = 0; i < 40 && subscriber.took.length < events.length; i++) {
    const start = pushed;
    await turn(worker, counting, () => pushed >= start + 4);
  }
  assertAllInOrder(subscriber, events);
  assertEquals(subscriber.calls.length, events.length);
  await eventually(async () => assertEquals((await subscription("slow")).failed, []));
});

Deno.test("subscribers that hang do not hold up the others, whatever comes while they do", async () => {
  await using sql = openLog();
  const [stuck, type] = [await ownType(sql, "stuck"), await ownType(sql, "brisk")];
  await using hanging = new Subscriber(() => "hang");
  let beside = false;
  await using brisk = new Subscriber(() => {
    beside ||= hanging.inTheAir > 0;
    return 200;
  });
  await using _ = await subscribe({ name: "brisk", url: brisk.url, event_types: [type] });
  await using hangers = new AsyncDisposableStack();
  for (let i = 1; i <= 5; i++) { // more than are served at once
    const name = `hanging-${i}`;
    hangers.use(await subscribe({ name, url: hanging.url, event_types: [stuck] }));
  }
  await append(sql, happened(stuck, 1, 1));
  await eventually(async () => {
    await ring(sql, "hanging-1");
    await eventually(() => hanging.inTheAir > 0);
    const [event] = await append(sql, happened(type, 1, 1));
    await eventually(() => brisk.took.some(({ id }) => id === event?.id));
    return beside; // at the first try, unless the machine stalls for seconds
  }, 30);
});

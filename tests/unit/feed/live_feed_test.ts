/** One look at the head for all who wait there. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { LiveFeed } from "../../../shared/events/live_feed.ts";
import { Log, pause } from "./log.ts";

const never = new AbortController().signal;

Deno.test("fifty followers that wait are told at once, of one reading", async () => {
  const log = new Log();
  const waiting = Array.from({ length: 50 }, () => log.live.after(0, never));
  await pause(50);
  const idle = log.reads;
  assert(idle < 10, `${idle} reads while nothing happened`);
  log.append("product.created", 3);
  const pages = await Promise.all(waiting);
  for (const page of pages) {
    assertEquals([page?.events.map(({ event_number }) => event_number), page?.next], [
      [1, 2, 3],
      3,
    ]);
  }
});

Deno.test("a crowd of followers is told less often than one", async () => {
  for (const [followers, milliseconds] of [[1, 50], [800, 200]] as const) {
    const log = new Log();
    const pauses: number[] = [];
    const live = new LiveFeed((after) => log.read(after), async (ms) => {
      pauses.push(ms);
      await pause(1);
    });
    log.append();
    await Promise.all(Array.from({ length: followers }, () => live.after(0, never)));
    assertEquals(pauses[0], milliseconds);
  }
});

Deno.test("who follows one aggregate is woken by its events alone, and then knows of all", async () => {
  const log = new Log();
  const leaving = new AbortController();
  let settled = 0;
  const count = () => settled += 1;
  const one = log.live.after(0, never, "one");
  const other = log.live.after(0, leaving.signal, "other");
  one.then(count);
  other.then(count);
  for (let i = 1; i <= 150; i++) {
    log.append("product.created", 10);
    assertEquals((await log.live.after(i * 10 - 1, never))?.next, i * 10);
  }
  assertEquals(settled, 0); // through more than is kept
  log.append("product.created", 1, "one");
  const page = await one;
  assertEquals([page?.events.map(({ event_number }) => event_number), page?.next], [[1501], 1501]);
  leaving.abort();
  assertEquals(await other, { events: [], next: 1501, head: true });
  // Ahead of what is known here, as after a page it read for itself.
  log.append("product.created", 3, "one");
  const ahead = log.live.after(1503, never, "one");
  const all = log.live.after(1501, never);
  assertEquals((await all)?.events.length, 3);
  assertEquals((await ahead)?.events.map(({ event_number }) => event_number), [1504]);
});

Deno.test("one whose signal aborts at the very moment of news still gets them", async () => {
  const log = new Log();
  const leaving = new AbortController();
  // The pause begins right after all were told.
  const live = new LiveFeed((after) => log.read(after), async () => {
    leaving.abort();
    await pause(1);
  });
  log.append();
  const page = await live.after(0, leaving.signal);
  assertEquals([page?.events.length, page?.next], [1, 1]);
});

Deno.test("those who wait at the same place share what they get", async () => {
  const log = new Log();
  const [first, second, about] = [
    log.live.after(0, never),
    log.live.after(0, never),
    log.live.after(0, never, "one"),
  ];
  log.append("product.created", 2, "one");
  assert(await first === await second && await first === await about);
});

Deno.test("when nobody waits any more, nothing is read any more", async () => {
  const log = new Log();
  const leaving = new AbortController();
  const waiting = Array.from({ length: 5 }, () => log.live.after(0, leaving.signal));
  await pause(20);
  leaving.abort();
  for (const page of await Promise.all(waiting)) {
    assertEquals(page, { events: [], next: 0, head: true });
  }
  await pause(120); // the longest pause between two looks
  const { reads } = log;
  await pause(250);
  assertEquals(log.reads, reads);
});

Deno.test("a follower that is a little behind gets what was kept, one far behind is sent to read", async () => {
  const log = new Log(500);
  const first = log.live.after(0, never);
  log.append("product.created", 1500);
  assertEquals((await first)?.next, 500);
  while (((await log.live.after(500, never))?.next ?? 0) < 1500) await pause(1);
  assertEquals((await log.live.after(1490, never))?.events.length, 10);
  assertEquals(await log.live.after(100, never), null);
});

Deno.test("when reading fails all who wait are told, and the next who come are served", async () => {
  const log = new Log();
  log.trouble = new Error("away");
  const waiting = [log.live.after(0, never), log.live.after(0, never)];
  for (const one of waiting) await assertRejects(() => one, Error, "away");
  log.trouble = null;
  log.append();
  assertEquals((await log.live.after(0, never))?.next, 1);
});

Deno.test("one who waits at a place beyond the log does not spoil it for the others", async () => {
  const log = new Log();
  log.append("product.created", 3);
  await assertRejects(() => log.live.after(1_000_000, never), Error, "no such event");
  const waiting = log.live.after(3, never);
  await pause(20);
  log.append();
  assertEquals((await waiting)?.events.map(({ event_number }) => event_number), [4]);
});

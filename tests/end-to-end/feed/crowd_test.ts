/** Sixteen writers with delays and rollbacks, and followers that lose their connection all the time. */
import { assert, assertEquals } from "@std/assert";
import type { Sql } from "postgres";
import { eventually } from "../../support/eventually.ts";
import { openSql, type Stack, withStack } from "../../support/stack.ts";
import { openWriters } from "../../database/quiet_stack.ts";
import { client, clientByRealtime, type Follower, pages, stream } from "./followers.ts";
import { FrailProxy } from "./frail_proxy.ts";
import { writeUntil } from "./writers.ts";

Deno.test("followers in a crowd", async (test) => {
  await withStack(async (stack) => {
    // Broadcasts are sent, but nobody works on the events.
    await stack.cron.pause();
    await stack.pgNet.pause();
    await using sql = openSql(stack, 2);

    await test.step("each way of following gets every event once, in order, over cuts and restarts", async () => {
      await using proxy = new FrailProxy(stack.url);
      const followers: Record<string, Follower> = {
        pages: pages(),
        stream,
        "client by stream": client(proxy.url),
        "client by Realtime": clientByRealtime(proxy.url),
      };
      const over = new AbortController();
      const seen = Object.fromEntries(Object.keys(followers).map((name) => [name, [] as number[]]));
      const following = Object.entries(followers).map(([name, follow]) =>
        follow(stack, seen[name] ?? [], over.signal)
      );
      await trouble(stack, proxy, sql);
      const stored = await numbers(sql);
      await eventually(() => {
        for (const [name, given] of Object.entries(seen)) {
          assert(given.length >= stored.length, `${name}: ${given.length} of ${stored.length}`);
        }
      }, 30);
      over.abort();
      await Promise.allSettled(following);
      assert(proxy.cut > 5, `${proxy.cut} cuts`);
      assert((stored.at(-1) ?? 0) > stored.length, "no number was left out");
      for (const [name, given] of Object.entries(seen)) assertEquals(given, stored, name);
    });

    await test.step("appends that are slow and never pause hold no follower up", async () => {
      await using writers = openWriters(stack, 6);
      const over = new AbortController();
      const slowly = { seed: 7, longest: 300, rollBacks: 30 };
      const writing = writeUntil(over.signal, writers, slowly);
      const start = (await numbers(sql)).at(-1) ?? 0;
      const seen: number[] = [];
      const following = pages(start)(stack, seen, over.signal);
      try {
        for (let round = 0; round < 2; round++) {
          const before = (await numbers(sql)).at(-1) ?? 0;
          const last = await eventually(async () => {
            const now = (await numbers(sql)).at(-1) ?? 0;
            return now > before && now;
          });
          await eventually(() => (seen.at(-1) ?? 0) >= last, 20);
        }
      } finally {
        over.abort();
        await Promise.all([writing, following]);
      }
      const end = seen.at(-1) ?? 0;
      const stored = await numbers(sql);
      assertEquals(seen, stored.filter((number) => number > start && number <= end));
    });

    await test.step("who begins now misses nothing that is stored from now on", async () => {
      await using writers = openWriters(stack, 8);
      const over = new AbortController();
      const quickly = { seed: 9, longest: 40, rollBacks: 20 };
      const writing = writeUntil(over.signal, writers, quickly);
      try {
        for (let round = 0; round < 3; round++) {
          const { next } = await page(stack, "after=now");
          const before = new Set(await numbers(sql));
          const later = await eventually(async () => {
            const fresh = (await numbers(sql)).filter((number) => !before.has(number));
            return fresh.length > 10 && fresh;
          });
          const found = await follow(stack, next, Math.max(...later));
          assertEquals(later.filter((number) => !found.has(number)), []);
        }
      } finally {
        over.abort();
        await writing;
      }
    });
  });
});

/** Writes for a while during which connections are cut and the functions are killed. */
async function trouble(stack: Stack, proxy: FrailProxy, sql: Sql): Promise<void> {
  await using writers = openWriters(stack, 16);
  const over = new AbortController();
  const writing = writeUntil(over.signal, writers, { seed: 1, longest: 60, rollBacks: 15 });
  const troubles: (() => unknown)[] = [
    () => proxy.cutAll(),
    () => stack.dropWebsockets(),
    () => proxy.cutAll(),
    () => stack.functions.crash(),
    () => proxy.cutAll(),
    () => proxy.down(),
    () => proxy.listen(),
    () => proxy.cutAll(),
  ];
  try {
    for (const trouble of troubles) {
      const { length } = await numbers(sql);
      await eventually(async () => (await numbers(sql)).length >= length + 100, 20);
      // Without a worker nobody opens the doorbell again.
      await sql`update private.doorbell set closed_until = '-infinity'`;
      await trouble();
    }
  } finally {
    over.abort();
    assert(await writing > 0, "nothing was rolled back");
  }
}

async function page({ url, keys }: Stack, query: string) {
  const response = await fetch(`${url}/functions/v1/events/feed?${query}`, {
    headers: { apikey: keys.secret },
  });
  const { events, next } = await response.json();
  const numbers: number[] = events.map((event: { event_number: number }) => event.event_number);
  return { numbers, next };
}

/** What the feed gives after one event, until it has passed another. */
async function follow(stack: Stack, after: number, until: number): Promise<Set<number>> {
  const found = new Set<number>();
  let next = after;
  await eventually(async () => {
    const some = await page(stack, `after=${next}&limit=1000`);
    some.numbers.forEach((number) => found.add(number));
    next = some.next;
    return next >= until;
  }, 20);
  return found;
}

async function numbers(sql: Sql): Promise<number[]> {
  const rows = await sql`select event_number::integer as n from public.events order by 1`;
  return rows.map(({ n }) => n);
}

/** Schedules of two or three sessions, step by step: who waits for whom, and what each is told. */
import { setTimeout as delay } from "node:timers/promises";
import { assertEquals } from "@std/assert";
import postgres, { type Sql } from "postgres";
import { openSql, type Stack } from "../support/stack.ts";
import { appendsInFlight, FeedFollower, GapSafeReader, NaiveReader } from "./feed_readers.ts";
import { id, post, type Posting, stockUpdated } from "./posting.ts";
import { openWriters, withQuietStack } from "./quiet_stack.ts";
import { commit, take } from "./working.ts";

/** A session that says what its statements end with. */
class Session {
  constructor(readonly sql: Sql) {}

  begin = () => this.sql`begin`;
  commit = () => this.sql`commit`;
  rollback = () => this.sql`rollback`;

  /** Numbers of the events stored or found, or the SQLSTATE of the refusal. */
  post(...events: Posting[]): Promise<number[] | string> {
    return this.outcome(async (sql) =>
      (await post(sql, events)).events.map((event) => event.event_number)
    );
  }

  /** What `run` returns, or the SQLSTATE of the refusal. */
  async outcome<T>(run: (sql: Sql) => Promise<T>): Promise<T | string> {
    try {
      return await run(this.sql);
    } catch (error) {
      if (error instanceof postgres.PostgresError) return error.code;
      throw error;
    }
  }

  /** Starts `run` and resolves as soon as it waits for a lock; `result` is what becomes of it. */
  async waiting<T>(owner: Sql, run: () => Promise<T>): Promise<{ result: Promise<T> }> {
    const [backend] = await this.sql`select pg_backend_pid() as pid`;
    const result = run();
    for (;;) {
      const [row] =
        await owner`select wait_event_type from pg_stat_activity where pid = ${backend?.pid}`;
      if (row?.wait_event_type === "Lock") return { result };
      await delay(5);
    }
  }
}

type Step = (
  sessions: [Session, Session, Session],
  owner: Sql,
  fresh: () => string,
) => Promise<void>;

const schedules: Record<string, Step> = {};

schedules["a key in use waits: after a commit it is a race to retry, and the retry is the replay"] =
  async ([first, second], owner, fresh) => {
    const event = stockUpdated(fresh(), { idempotency_key: fresh() });
    await first.begin();
    const stored = await first.post(event);
    const waiting = await second.waiting(owner, () => second.post(event));
    await first.commit();
    assertEquals(await waiting.result, "40001");
    assertEquals(await second.post(event), stored);
  };

schedules["a key in use waits: after a rollback it is free"] = async (
  [first, second],
  owner,
  fresh,
) => {
  const event = stockUpdated(fresh(), { idempotency_key: fresh() });
  await first.begin();
  await first.post(event);
  const waiting = await second.waiting(owner, () => second.post(event));
  await first.rollback();
  assertEquals((await waiting.result).length, 1);
};

for (const [path, others] of Object.entries({ alone: 0, "in a batch": 1 })) {
  schedules[
    `the same request twice at once, with key and expected version, is one event: no conflict, ${path}`
  ] = async ([first, second], owner, fresh) => {
    const request = Array.from(
      { length: 1 + others },
      () => stockUpdated(fresh(), { idempotency_key: fresh(), expected_version: 0 }),
    );
    await first.begin();
    const stored = await first.post(...request);
    const waiting = await second.waiting(owner, () => second.post(...request));
    await first.commit();
    const result = await waiting.result;
    const answer = result === "40001" ? await second.post(...request) : result;
    assertEquals(answer, stored);
  };
}

schedules["an expected version waits for the append before it, and then conflicts"] = async (
  [first, second],
  owner,
  fresh,
) => {
  const event = stockUpdated(fresh(), { expected_version: 0 });
  await first.begin();
  await first.post(event);
  const waiting = await second.waiting(owner, () => second.post(event));
  await first.commit();
  assertEquals(await waiting.result, "ES007");
};

schedules["an expected version waits for the append before it, and fits when that is undone"] =
  async ([first, second], owner, fresh) => {
    const event = stockUpdated(fresh(), { expected_version: 0 });
    await first.begin();
    await first.post(event);
    const waiting = await second.waiting(owner, () => second.post(event));
    await first.rollback();
    assertEquals((await waiting.result).length, 1);
  };

schedules["batches over the same aggregates in opposite order wait, and never deadlock"] = async (
  [first, second],
  owner,
  fresh,
) => {
  const [low, high] = [fresh(), fresh()].sort() as [string, string]; // of two
  await first.begin();
  await first.post(stockUpdated(low));
  const both = [stockUpdated(high), stockUpdated(low)];
  const waiting = await second.waiting(owner, () => second.post(...both));
  assertEquals((await first.post(stockUpdated(high))).length, 1);
  await first.commit();
  assertEquals((await waiting.result).length, 2);
};

schedules["an append is in flight from its first statement to its end, and no other statement is"] =
  async ([first], owner, fresh) => {
    await first.begin();
    await first.sql`select count(*) from public.events`;
    assertEquals(await appendsInFlight(owner), false);
    await first.post(stockUpdated(fresh()));
    assertEquals(await appendsInFlight(owner), true);
    await first.commit();
    assertEquals(await appendsInFlight(owner), false);
    await first.begin();
    await first.post(stockUpdated(fresh()));
    await first.rollback();
    assertEquals(await appendsInFlight(owner), false);
  };

schedules["what commits late under a smaller number is lost by the naive reader alone"] = async (
  [first, second],
  owner,
  fresh,
) => {
  const readers = [new NaiveReader(), new GapSafeReader(), new FeedFollower()];
  const poll = async () => {
    for (const reader of readers) await reader.poll(owner);
  };
  for (let i = 0; i < 3; i++) await poll();
  const starts = readers.map((reader) => reader.delivered.length);
  await first.begin();
  const late = await first.post(stockUpdated(fresh()));
  const early = await second.post(stockUpdated(fresh()));
  await poll();
  const since = () => readers.map((reader, i) => reader.delivered.slice(starts[i]));
  assertEquals<unknown>(since(), [early, [], []]);
  await first.commit();
  for (let i = 0; i < 3; i++) await poll();
  const both = [...late, ...early];
  assertEquals<unknown>(since(), [early, both, both]);
};

schedules["a gap that a rollback left is passed, once"] = async ([first, second], owner, fresh) => {
  const readers = [new GapSafeReader(), new FeedFollower()];
  const poll = async () => {
    for (const reader of readers) await reader.poll(owner);
  };
  for (let i = 0; i < 3; i++) await poll();
  const starts = readers.map((reader) => reader.delivered.length);
  await first.begin();
  await first.post(stockUpdated(fresh()));
  await first.rollback();
  const stored = await second.post(stockUpdated(fresh()));
  for (let i = 0; i < 3; i++) await poll();
  const since = readers.map((reader, i) => reader.delivered.slice(starts[i]));
  assertEquals<unknown>(since, [stored, stored]);
};

schedules["what begins between a reader's two looks is not lost"] = async (
  sessions,
  owner,
  fresh,
) => {
  const [first, second, third] = sessions;
  const reader = new GapSafeReader();
  await reader.poll(owner);
  const start = reader.delivered.length;
  await first.begin();
  await first.post(stockUpdated(fresh()));
  await first.rollback();
  const a = await second.post(stockUpdated(fresh()));
  let b: number[] | string = [];
  let c: number[] | string = [];
  await reader.poll(owner, async () => {
    await third.begin();
    b = await third.post(stockUpdated(fresh()));
    c = await second.post(stockUpdated(fresh()));
  });
  await third.commit();
  await reader.poll(owner);
  assertEquals<unknown>(reader.delivered.slice(start), [...a, ...b, ...c]);
};

schedules["the feed waits for appends in flight, but for none that began later"] = async (
  [first, second, third],
  owner,
  fresh,
) => {
  await first.begin();
  const late = await first.post(stockUpdated(fresh()));
  const early = await second.post(stockUpdated(fresh()));
  const start = Number(late[0]) - 1;
  const page = owner`select public.read_feed(${start}, 1000) as page`.execute();
  await delay(20); // it waits up to 100 ms
  await third.begin();
  await third.post(stockUpdated(fresh()));
  await first.commit();
  const [row] = await page;
  const numbers = row?.page.events.map((event: { event_number: number }) => event.event_number);
  assertEquals<unknown>(numbers, [...late, ...early]);
  await third.rollback();
};

schedules["the feed gives up waiting, and then delivers only what comes before the gap"] = async (
  [first, second, third],
  owner,
  fresh,
) => {
  const [before] = await third.post(stockUpdated(fresh()));
  await first.begin();
  await first.post(stockUpdated(fresh()));
  await second.post(stockUpdated(fresh()));
  const [row] = await owner`select public.read_feed(${Number(before) - 1}, 1000) as page`;
  const numbers = row?.page.events.map((event: { event_number: number }) => event.event_number);
  assertEquals([numbers, row?.page.next], [[before], before]);
  await first.commit();
};

const beginnings: Record<string, (owner: Sql) => Promise<number>> = {
  "the feed from now on": async (owner) => {
    const [row] = await owner`select public.read_feed(null) as page`;
    return row?.page.next;
  },
  "a subscription without a cursor": async (owner) => {
    const [row] = await owner`
      select public.create_subscription('{"name":"from-now-on"}', 'system') as subscription`;
    return row?.subscription.cursor;
  },
};

for (const [name, begin] of Object.entries(beginnings)) {
  schedules[`${name} misses no append that was in flight when it began`] = async (
    [first, second],
    owner,
    fresh,
  ) => {
    await first.begin();
    const late = await first.post(stockUpdated(fresh()));
    await second.post(stockUpdated(fresh()));
    const follower = new FeedFollower(await begin(owner));
    await first.commit();
    for (let i = 0; i < 5; i++) await follower.poll(owner);
    assertEquals(follower.delivered.includes(Number(late[0])), true);
  };
}

for (
  const [act, call] of Object.entries({
    "marking an event by hand": (sql: Sql, event: string) =>
      sql`select public.set_event_processing(${event}, 'processed', 'system', 'By hand')`,
    "skipping an event": (sql: Sql, event: string) =>
      sql`select public.skip_event(${event}, 'system', 'By hand')`,
  })
) {
  schedules[`${act} while a worker commits it waits, and never deadlocks`] = async (
    [poster, worker, staff],
    owner,
    fresh,
  ) => {
    const { events: [event] } = await post(poster.sql, [stockUpdated(fresh())]);
    if (!event) throw new Error("post_events returned no event");
    const taken = await take(worker.sql);
    const processed = taken.events.map(({ event_number }) => event_number);
    // The worker is held up between locking its leases and marking its events.
    await owner`begin`;
    await owner`lock table public.state_changes in exclusive mode`;
    const working = await worker.waiting(
      owner,
      () => worker.outcome((sql) => commit(sql, taken, { processed }).then(() => "done")),
    );
    const acting = await staff.waiting(
      owner,
      () => staff.outcome((sql) => call(sql, event.id).then(() => "done")),
    );
    await owner`commit`;
    assertEquals([await working.result, await acting.result], ["done", "ES014"]);
  };
}

Deno.test("two or three sessions at once, step by step", async (test) => {
  await withQuietStack(async (stack: Stack) => {
    await using writers = openWriters(stack, 3);
    await using owner = openSql(stack);
    const sessions = writers.map((sql) => new Session(sql)) as [Session, Session, Session]; // three
    let drawn = 0;
    const fresh = () => id("race", ++drawn);
    for (const [name, schedule] of Object.entries(schedules)) {
      await test.step(name, async () => {
        try {
          await schedule(sessions, owner, fresh);
        } finally {
          for (const session of sessions) await session.rollback();
        }
      });
    }
  });
});

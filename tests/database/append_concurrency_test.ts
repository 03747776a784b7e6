/** Sixteen writers at once: nothing is lost, doubled or reordered, and a reader that minds the gaps follows. */
import { setTimeout as delay } from "node:timers/promises";
import { assert, assertEquals } from "@std/assert";
import type { Sql } from "postgres";
import { openSql, type Stack } from "../support/stack.ts";
import { type Ledger, runWriters, type Workload } from "./append_workload.ts";
import { FeedFollower, GapSafeReader, NaiveReader } from "./feed_readers.ts";
import { openWriters, withQuietStack } from "./quiet_stack.ts";

const workloads: readonly Workload[] = [
  { name: "on one aggregate", seed: 1, aggregates: 1, appends: 20, keys: 30 },
  { name: "on eight aggregates", seed: 3, aggregates: 8, appends: 15, keys: 20 },
  { name: "on a thousand aggregates", seed: 2, aggregates: 1000, appends: 60, keys: 100 },
];

Deno.test("sixteen writers at once, and three readers that follow them", async (test) => {
  await withQuietStack(async (stack) => {
    await using sql = openSql(stack);
    const readers = {
      naive: new NaiveReader(),
      safe: new GapSafeReader(),
      feed: new FeedFollower(),
    };
    for (const workload of workloads) {
      const ledger = await follow(stack, readers, workload);
      await test.step(`${workload.name}, each append is stored once or not at all`, async () => {
        await checkAcknowledged(sql, ledger, workload);
      });
      await test.step(`${workload.name}, a key stands for one event, whoever raced`, () => {
        checkKeys(ledger);
      });
      await test.step(`${workload.name}, expectations are met or told what they missed`, async () => {
        await checkConflicts(sql, ledger);
        assert(workload.aggregates > 8 || ledger.conflicts.length > 0, "no version was contended");
      });
      await test.step(`${workload.name}, versions are 1 to n, in the order of numbers and times`, async () => {
        await checkOrder(sql);
      });
      await test.step(`${workload.name}, exactly the unprocessed events wait in the queue`, async () => {
        await checkQueue(sql);
      });
    }
    const stored = await numbers(sql);
    await test.step("the readers that mind the gaps were given every event once, in order", () => {
      assertEquals(readers.safe.delivered, stored);
      assertEquals(readers.feed.delivered, stored);
    });
    await test.step("the reader that only remembers a number lost events of the same run", () => {
      assert(
        readers.naive.delivered.length < stored.length,
        "the run lost the naive reader nothing",
      );
    });
  });
});

/** Runs the writers while the readers poll; afterwards lets the readers come to rest. */
async function follow(
  stack: Stack,
  readers: Record<string, NaiveReader | GapSafeReader | FeedFollower>,
  workload: Workload,
): Promise<Ledger> {
  await using writers = openWriters(stack, 16);
  await using sql = openSql(stack, 3);
  let writing = true;
  const polls = Object.values(readers).map(async (reader) => {
    while (writing) {
      await reader.poll(sql);
      await delay(2);
    }
    // Those that wait at a gap need a few looks to come to rest.
    for (let i = 0; i < 3; i++) await reader.poll(sql);
  });
  try {
    return await runWriters(writers, workload);
  } finally {
    writing = false;
    await Promise.all(polls);
  }
}

async function numbers(sql: Sql): Promise<number[]> {
  const rows = await sql`select event_number::integer as n from public.events order by 1`;
  return rows.map(({ n }) => n);
}

async function checkAcknowledged(sql: Sql, ledger: Ledger, { name }: Workload): Promise<void> {
  assert(ledger.rolledBack > 0 && ledger.acknowledged.length > 0);
  const told = new Map(ledger.acknowledged.map(({ event }) => [event.id, event]));
  const once = ledger.acknowledged.filter(({ replayed }) => !replayed);
  assertEquals(once.length, told.size, `${name}: an event was acknowledged as new twice or never`);
  const rows = await sql<{ event: { id: string } }[]>`
    select to_jsonb(e) as event from public.events e where id = any (${[...told.keys()]})`;
  for (const { event } of rows) assertEquals<unknown>(event, told.get(event.id));
  assertEquals(rows.length, told.size);
  acknowledgedSoFar += told.size;
  const [row] = await sql`select count(*)::integer as stored from public.events`;
  assertEquals(row?.stored, acknowledgedSoFar, "events are stored that nobody was told of");
}
let acknowledgedSoFar = 0;

function checkKeys({ acknowledged }: Ledger): void {
  const byKey = new Map<string, Set<string>>();
  let told = 0;
  for (const { event } of acknowledged) {
    if (event.idempotency_key === null) continue;
    told++;
    const ids = byKey.get(event.idempotency_key) ?? new Set();
    byKey.set(event.idempotency_key, ids.add(event.id));
  }
  for (const [key, ids] of byKey) assertEquals(ids.size, 1, key);
  assert(told > byKey.size, "no key was used twice");
}

async function checkConflicts(sql: Sql, { conflicts }: Ledger): Promise<void> {
  for (const { expected_version, current_version, missed } of conflicts) {
    assert(current_version > expected_version);
    assertEquals(missed.length, Math.min(100, current_version - expected_version));
  }
  const ids = [...new Set(conflicts.flatMap(({ missed }) => missed.map((event) => event.id)))];
  const known = await sql`select from public.events where id = any (${ids})`;
  assertEquals(known.length, ids.length, "a conflict told of an event that was never committed");
}

async function checkOrder(sql: Sql): Promise<void> {
  const wrong = await sql`
    select aggregate_id from (
      select e.*, row_number() over w as place, lag(event_number) over w as number_before, lag(created_at) over w as time_before
      from public.events e
      window w as (partition by aggregate_type, aggregate_id order by aggregate_version)
    ) e
    where aggregate_version <> place or event_number < number_before or created_at < time_before`;
  assertEquals(wrong.length, 0);
  const heads = await sql`
    select from (
      select aggregate_type, aggregate_id, max(aggregate_version) as version from public.events group by 1, 2
    ) e
    full join private.aggregates a using (aggregate_type, aggregate_id)
    where e.version is distinct from a.version`;
  assertEquals(heads.length, 0, "heads and log differ");
}

async function checkQueue(sql: Sql): Promise<void> {
  const wrong = await sql`
    select from (select event_number, aggregate_id from public.events where not processed) e
    full join private.unprocessed_events u using (event_number)
    where u.event_number is null or e.event_number is null or u.blocked
      or u.partition <> private.partition_of(e.aggregate_id)`;
  assertEquals(wrong.length, 0);
}

/** Thousands of events behind a failed one: none overtakes it, and nobody else pays for them. */
import { assert, assertEquals } from "@std/assert";
import type { Sql } from "postgres";
import { assertSettled } from "../../support/oracle.ts";
import { aggregatesOfOnePartition, created, many, mark, moved, post, spoiled } from "./events.ts";
import { drainLimits } from "../../../shared/database_manager/drain.ts";
import { drainTogether } from "../../../shared/database_manager/drain_together.ts";
import {
  drainHere,
  drainToRest,
  makeRetriesDue,
  managerStack,
  storeOf,
  surroundings,
} from "./manager_stack.ts";
import { barrierOf, versionsDone } from "./seen.ts";

const manager = managerStack();
const crowd = 5000;

/** Rows of log and queue that one `take_events` reads and writes; the take is undone. */
async function costOfTake(): Promise<{ read: number; written: number; taken: number }> {
  await manager.sql`analyze public.events, private.unprocessed_events, private.blocked_aggregates`;
  const session = await manager.sql.reserve();
  try {
    await session`begin`;
    await session`set local enable_seqscan = off`; // which a table this small would tempt to
    const before = await rowsTouched(session);
    const [batch] = await session`
      select public.take_events(gen_random_uuid(), 500, 16, 30) as j`;
    const after = await rowsTouched(session);
    return {
      taken: batch?.j.events.length,
      read: after.read - before.read,
      written: after.written - before.written,
    };
  } finally {
    await session`rollback`;
    session.release();
  }
}

/** What this session has read and written of log and queue so far. */
async function rowsTouched(session: Sql): Promise<{ read: number; written: number }> {
  const [row] = await session<{ read: number; written: number }[]>`
    select sum(seq_tup_read + idx_tup_fetch)::int as read, sum(n_tup_upd)::int as written
    from pg_stat_xact_user_tables
    where relid in ('public.events'::regclass, 'private.unprocessed_events'::regclass)`;
  return row ?? { read: 0, written: 0 };
}

Deno.test("siblings that wait in their thousands are read once, not with every batch", async () => {
  const [id = "", ...others] = await aggregatesOfOnePartition(manager.sql, 11);
  await post(manager, created(id), spoiled(id), ...many(crowd, () => moved(id)));
  await post(manager, ...others.map((other) => created(other)));
  await drainToRest(manager);
  for (const other of others) assertEquals(await versionsDone(manager, other), [1]);
  assertEquals(await versionsDone(manager, id), [1]);

  await post(manager, ...others.map((other) => moved(other)));
  const cost = await costOfTake();
  assertEquals([cost.taken, cost.written], [10, 0]);
  assert(cost.read < 200, `${cost.read} rows read to take 10 events`);

  await drainHere(manager);
  await assertSettled(manager.sql);
});

/** Batches committed by each worker that an isolate opened. */
async function shares(): Promise<number[]> {
  const commits: number[] = [];
  const openStore = () => {
    const store = storeOf(manager);
    const worker = commits.push(0) - 1;
    const commit: typeof store.commit = async (...batch) => {
      await store.commit(...batch);
      commits[worker] = (commits[worker] ?? 0) + 1;
    };
    return { ...store, commit };
  };
  const { batches } = await drainTogether(openStore, surroundings, { ...drainLimits, batch: 100 });
  assertEquals(batches, commits.reduce((sum, count) => sum + count, 0));
  return commits;
}

Deno.test("two workers of an isolate share a backlog; a handful of events is one worker's", async () => {
  await drainToRest(manager);
  await post(manager, ...many(5, () => created(crypto.randomUUID())));
  assertEquals((await shares()).length, 1);
  await post(manager, ...many(1000, () => created(crypto.randomUUID())));
  const [first = 0, second = 0, ...others] = await shares();
  assert(first > 0 && second > 0, `${first} and ${second} batches`);
  assertEquals(others, []);
  await assertSettled(manager.sql);
});

Deno.test("a retry takes the failed event alone, however many wait behind it", async () => {
  await makeAllDue();
  const cost = await costOfTake();
  assertEquals([cost.taken, cost.written], [1, 1]);
  assert(cost.read < 100, `${cost.read} rows read to take 1 event`);
  await drainToRest(manager);
});

Deno.test("none of thousands that arrive behind a parked event overtakes it", async () => {
  const [id = "", other = ""] = await aggregatesOfOnePartition(manager.sql, 2);
  const [, bad] = await post(manager, created(id), spoiled(id));
  await drainToRest(manager);
  await post(manager, ...many(crowd, () => moved(id)), created(other));
  await drainHere(manager, { partitions: 1 });
  await drainHere(manager, { partitions: 4 });
  assertEquals(await versionsDone(manager, other), [1]);
  assertEquals(await versionsDone(manager, id), [1]);
  const barrier = await barrierOf(manager, id);
  assertEquals([barrier?.event_number, barrier?.error_code], [
    bad?.event_number,
    "invalid_event_data",
  ]);
  await mark(manager, bad?.id, "processed");
  await drainHere(manager);
  assertEquals((await versionsDone(manager, id)).length, crowd + 2);
  await assertSettled(manager.sql);
});

async function makeAllDue(): Promise<void> {
  await manager.sql`
    update private.blocked_aggregates set parked_at = null, next_attempt_at = clock_timestamp()`;
  await makeRetriesDue(manager);
}

import { setTimeout as delay } from "node:timers/promises";
import { assert, assertEquals } from "@std/assert";
import type { Sql } from "postgres";
import { callFunction } from "../../support/call_function.ts";
import { eventually } from "../../support/eventually.ts";
import { openSql, type StackDescription } from "../../support/stack.ts";
import { serviceClient } from "../../support/traffic/transports.ts";
import { append, crowd, staffed, type Watched, watchedOf } from "./live/crowd.ts";
import { Reader } from "./live/reader.ts";
import { assertReadsAreFolds } from "./live/reads.ts";
import type { Report } from "./rebuilding.ts";

export interface LiveOptions {
  /** Events in the log before the rebuild starts. */
  events: number;
  /** Called once when half of the events are folded. */
  halfway?: () => Promise<void>;
  /** How long the rebuild may take. */
  seconds?: number;
}

export interface LiveReport {
  events: number;
  seconds: number;
  eventsPerSecond: number;
  rowsSwitched: number;
  reads: number;
  appended: number;
}

/**
 * Rebuilds all products and orders of a log while clients append to some of them and others read
 * them through PostgREST. Every read must be a whole state, of the old generation or the new, and
 * never of the old after one of the new. In the end nothing differs from the log.
 */
export async function rebuildLive(
  stack: StackDescription,
  { events, halfway, seconds = 60 }: LiveOptions,
): Promise<LiveReport> {
  await using sql = openSql(stack, 4);
  const client = serviceClient(stack);
  const watched = watchedOf();
  const everyone = await crowd(client, watched, events);
  await projected(sql, everyone);
  await age(sql, everyone);

  const over = new AbortController();
  const readers = await Promise.all(
    Array.from({ length: 3 }, async () => new Reader(stack, await staffed(stack), watched)),
  );
  const work = Promise.all([
    ...readers.map((reader) => reader.read(over.signal)),
    append(client, watched, over.signal),
    append(client, watched, over.signal),
  ]);
  work.catch(() => over.abort()); // awaited below
  await delay(300);
  const report = await rebuilt(stack, over.signal, halfway, seconds);
  await delay(300);
  over.abort();
  const appended = (await work).reduce((sum, count) => sum + count, 0) -
    readers.reduce((sum, { reads }) => sum + reads, 0);

  await projected(sql, everyone);
  for (const reader of readers) {
    assert(reader.seen.old && reader.seen.new, "a reader saw both generations");
    await assertReadsAreFolds(sql, reader.states);
  }
  await assertNothingDiffers(stack, everyone);
  return reportOf(report, readers, appended);
}

/** Makes the rows of everybody those of an old generation, as a newer `evolve` finds them. */
async function age(sql: Sql, everyone: readonly string[]): Promise<void> {
  await sql`update products set name = 'OLD' where id = any (${everyone as string[]})`;
  await sql`update orders set notes = 'OLD' where id = any (${everyone as string[]})`;
}

async function projected(sql: Sql, everyone: readonly string[]): Promise<void> {
  await eventually(async () => {
    const waiting = await sql`
      select from private.unprocessed_events u join events e using (event_number)
      where e.aggregate_id = any (${everyone as string[]}) limit 1`;
    return waiting.length === 0;
  }, 300);
}

async function rebuilt(
  stack: StackDescription,
  over: AbortSignal,
  halfway: LiveOptions["halfway"],
  seconds: number,
): Promise<Report> {
  const { secret: key } = stack.keys;
  const body = { aggregate_types: ["product", "order"], reason: "a new generation" };
  const { status, body: started } = await callFunction(
    "database-manager/rebuild",
    { key, body },
    stack,
  );
  assertEquals(status, 202, JSON.stringify(started));
  let half = halfway;
  return await eventually(async () => {
    over.throwIfAborted();
    const { body: now } = await callFunction(
      `database-manager/rebuilds/${started.id}`,
      { key },
      stack,
    );
    if (half && now.events_done * 2 >= now.events_total) {
      const once = half;
      half = undefined;
      assert(now.finished_at === null, "it was to be interrupted halfway");
      await once();
    }
    assertEquals(now.status, "completed", JSON.stringify({ ...now, differences: [] }));
    return now;
  }, seconds);
}

/** A verification finds none of these aggregates to differ; others on the stack are not ours. */
async function assertNothingDiffers(
  stack: StackDescription,
  everyone: readonly string[],
): Promise<void> {
  const { secret: key } = stack.keys;
  const body = { aggregate_types: ["product", "order"] };
  const { body: started } = await callFunction("database-manager/verify", { key, body }, stack);
  await eventually(async () => {
    const path = `database-manager/rebuilds/${started.id}`;
    const { body } = await callFunction(path, { key }, stack);
    assertEquals(body.status, "completed");
  }, 120);
  await using sql = openSql(stack);
  const differing = await sql`
    select table_name, row_id, before, after from private.rebuild_differences
    where rebuild_id = ${started.id} and aggregate_id = any (${everyone as string[]})`;
  assertEquals([...differing], []);
  const findings = await sql`
    select kind, detail from private.findings
    where ${started.id} = any (found_by) and aggregate_id = any (${everyone as string[]})`;
  assertEquals([...findings], []);
}

function reportOf(report: Report, readers: readonly Reader[], appended: number): LiveReport {
  const { started_at, finished_at } = report as
    & Report
    & Record<"started_at" | "finished_at", string>;
  const seconds = (Date.parse(finished_at) - Date.parse(started_at)) / 1000;
  return {
    events: report.events_done,
    seconds,
    eventsPerSecond: Math.round(report.events_done / seconds),
    rowsSwitched: report.differing_rows,
    reads: readers.reduce((sum, { reads }) => sum + reads, 0),
    appended,
  };
}

export type { Watched };

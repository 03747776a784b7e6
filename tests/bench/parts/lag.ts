import { setTimeout as delay } from "node:timers/promises";
import { type Bench, wakeUp } from "../bench_stack.ts";
import { productEvents } from "../catalog_events.ts";
import { compare, measured, type Section } from "../report.ts";
import { interleave } from "../rounds.ts";
import { percentile } from "../statistics.ts";

export const title = "lag: from append to state, idle";

const perRound = 30;
/** Milliseconds after each: for what was asked, and for the last worker to look once more and end. */
const idle = 200;

/** How long after the commit of an append the state table shows it, against a bare webhook. */
export async function run(bench: Bench): Promise<Section> {
  await keepCommitTimes(bench);
  await wakeUp(bench);
  const samples = await interleave(
    [
      { name: "p50 and p95 of state", measure: () => quantiles(() => appendToState(bench)) },
      { name: "p50 and p95 of webhook", measure: () => quantiles(() => webhook(bench)) },
    ],
    bench.rounds,
    bench.log,
  );
  const of = (arm: string, key: "p50" | "p95") =>
    (samples[`p50 and p95 of ${arm}`] ?? []).map((sample) => sample[key]);
  const unit = " ms";
  return {
    title,
    note:
      `${bench.rounds} rounds of ${perRound} single appends in SQL, ${idle} ms apart, so that every ` +
      `one rings; from the commit of the append to the commit of the row, as PostgreSQL noted both ` +
      `(\`track_commit_timestamp\`), for a client that asks all the time would take part of two ` +
      `cores. The bare webhook is \`net.http_post\` to a path of the functions that answers at ` +
      `once, from its commit to that of its stored answer.`,
    findings: [
      compare({
        work: "lag, p50",
        than: "bare webhook",
        ours: of("state", "p50"),
        against: of("webhook", "p50"),
        unit,
        atMost: 3,
      }),
      measured({ work: "lag, p95", values: of("state", "p95"), unit }),
      measured({ work: "bare webhook, p95", values: of("webhook", "p95"), unit }),
    ],
  };
}

/** PostgreSQL notes from now on when each transaction was committed; that takes a restart. */
async function keepCommitTimes({ sql, stack }: Bench): Promise<void> {
  await sql`alter system set track_commit_timestamp = on`;
  await stack.postgres.restart();
  await sql`select 1`.catch(() => {}); // the connection that the restart ended
  await stack.functions.restart();
}

async function quantiles(once: () => Promise<number>): Promise<{ p50: number; p95: number }> {
  const values: number[] = [];
  for (let i = 0; i < perRound; i++) values.push(await once());
  return { p50: percentile(values, 0.5), p95: percentile(values, 0.95) };
}

async function appendToState({ sql, staffId }: Bench): Promise<number> {
  const event = productEvents().next().value;
  const actor = sql.json({ kind: "user", user_id: staffId });
  await sql`select public.post_events(${JSON.stringify([event])}::text::jsonb, ${actor})`;
  return await answered(() =>
    sql<{ milliseconds: number }[]>`
      select extract(epoch from pg_xact_commit_timestamp(p.xmin) - pg_xact_commit_timestamp(a.xmin))::float8 * 1000 as milliseconds
      from public.products p join private.aggregates a on a.aggregate_id = p.id and a.aggregate_type = 'product'
      where p.id = ${event.aggregate_id}`
  );
}

async function webhook({ sql, stack }: Bench): Promise<number> {
  const url = `${stack.url}/functions/v1/no-such-function`;
  const [row] = await sql`
    select net.http_post(url := ${url})::text as id, pg_current_xact_id()::text as xid`;
  return await answered(() =>
    sql<{ milliseconds: number }[]>`
      select extract(epoch from pg_xact_commit_timestamp(r.xmin) - pg_xact_commit_timestamp(${row?.xid}::xid8::xid))::float8 * 1000 as milliseconds
      from net._http_response r where r.id = ${row?.id}`
  );
}

/** Waits, then reads how long it took; in a row that is not there yet it looks again. */
async function answered(
  read: () => PromiseLike<{ milliseconds: number }[]>,
): Promise<number> {
  for (let attempt = 1; attempt <= 100; attempt++) {
    await delay(idle);
    const [row] = await read();
    if (row) return row.milliseconds;
  }
  throw new Error("Nothing came in 20 s");
}

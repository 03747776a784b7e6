import {
  type Bench,
  type BenchStack,
  countedLoad,
  settle,
  wakeUp,
  withBenchStack,
} from "../bench_stack.ts";
import { shopEvents } from "../catalog_events.ts";
import { loadLog } from "../load_log.ts";
import type { LoadRequest, WorkName } from "../load/load_request.ts";
import { compare, number, type Section } from "../report.ts";
import { type Arm, interleave } from "../rounds.ts";

export const title = "growth: 10 k against 1 M events stored";

const sizes = { small: 10_000, large: 1_000_000 };
const waiting = 100;
const readSeconds = 1;

const appends = [1, 8].map((clients) => ({
  work: `append, ${clients} client${clients > 1 ? "s" : ""}`,
  name: "sql-post-events" as WorkName,
  clients,
  atLeast: 0.9,
}));
const reads: { work: string; name: WorkName; clients: number; atLeast: number }[] = [
  { work: "history of an aggregate with 20 events", name: "sql-history" },
  { work: "statistics", name: "sql-statistics" },
  { work: `${waiting} unprocessed events`, name: "sql-unprocessed" },
].map((read) => ({ ...read, name: read.name as WorkName, clients: 1, atLeast: 1 / 1.3 }));

/** The same work on two stacks of different size, side by side. */
export async function run(bench: Bench): Promise<Section> {
  return await withBenchStack(async (small) => {
    const large: BenchStack = bench;
    await prepare(bench, small, sizes.small);
    await prepare(bench, large, sizes.large);
    const arms = [...appends, ...reads].flatMap((task) => [
      arm(bench, small, "small", task),
      arm(bench, large, "large", task),
    ]);
    const samples = await interleave(arms, bench.rounds, bench.log);
    await wakeUp(large);
    return {
      title,
      note:
        `In SQL through postgres.js; ${bench.rounds} rounds of ${bench.seconds} s for appends ` +
        `and ${readSeconds} s for reads, on two stacks. The logs were loaded in bulk, 20 events an ` +
        `aggregate over 30 days, half with correlation_id, half with idempotency_key; ` +
        `\`state_changes\` and state tables are empty. History is read as staff under row-level ` +
        `security; ${waiting} events wait while reads are measured.`,
      findings: [...appends, ...reads].map(({ work, atLeast }) =>
        compare({
          work: `${work}, ${number(sizes.large)}`,
          than: number(sizes.small),
          ours: samples[`${work}, large`] ?? [],
          against: samples[`${work}, small`] ?? [],
          unit: "/s",
          atLeast,
        })
      ),
    };
  });
}

async function prepare(bench: Bench, target: BenchStack, events: number): Promise<void> {
  const seconds = await loadLog(target, events);
  bench.log(`  ${number(events)} events loaded in ${number(seconds)} s`);
}

function arm(
  bench: Bench,
  target: BenchStack,
  size: keyof typeof sizes,
  { work, name, clients }: { work: string; name: WorkName; clients: number },
): Arm<number> {
  const actor = { kind: "user", user_id: target.staffId };
  const request = { work: name, url: target.stack.dbUrl, clients, actor };
  const { load, seconds } = bench;
  const measure = name === "sql-post-events"
    ? async () => {
      const { perSecond } = await countedLoad({ load, seconds, sql: target.sql }, request);
      await settle(target.sql);
      return perSecond;
    }
    : () => read(bench, target, sizes[size], request);
  return { name: `${work}, ${size}`, measure };
}

async function read(
  { load }: Bench,
  { sql, staffId }: BenchStack,
  events: number,
  request: Omit<LoadRequest, "seconds">,
): Promise<number> {
  await waitingEvents(sql, staffId);
  const some = await sql`
    select bench.aggregate(floor(random() * ${
    events / 20
  }::int)::int) as id from generate_series(1, 2000)`;
  const aggregates = some.map(({ id }) => id);
  const { calls, rows, seconds } = await load.ask({ ...request, aggregates, seconds: readSeconds });
  const expected = { "sql-history": 20, "sql-unprocessed": waiting }[request.work as string] ?? 1;
  if (rows !== calls * expected) {
    throw new Error(`${request.work} read ${rows} rows in ${calls} calls`);
  }
  return calls / seconds;
}

/** Exactly as many waiting events as every read expects. */
async function waitingEvents(sql: Bench["sql"], staffId: string): Promise<void> {
  const [row] = await sql`select count(*)::int as waiting from private.unprocessed_events`;
  if (row?.waiting === waiting) return;
  await settle(sql);
  const actor = sql.json({ kind: "user", user_id: staffId });
  await sql`select public.post_events(${
    JSON.stringify(shopEvents(waiting))
  }::text::jsonb, ${actor})`;
}

import {
  type Bench,
  type BenchStack,
  countedLoad,
  lastNumber,
  settle,
  withBenchStack,
} from "../bench_stack.ts";
import { historyLength, keepWaiting, someAggregates } from "../grown_log.ts";
import { loadLog } from "../load_log.ts";
import type { LoadRequest, WorkName } from "../load/load_request.ts";
import { plot } from "../plot.ts";
import { compare, number, type Section } from "../report.ts";
import { storePlot } from "../results_file.ts";
import { type Arm, interleave } from "../rounds.ts";
import { ratioOf } from "../statistics.ts";

export const title = "growth: the same work on ever longer logs";

const smallest = 10_000;
const waiting = 100;
const readSeconds = 1;
/** How many times slower than on the smallest log work may be. */
const limit = 1.3;

interface Task {
  work: string;
  name: WorkName;
  clients: number;
  /** Rows that one call reads; for an append, none are counted so. */
  rows?: number;
}

const tasks: Task[] = [
  { work: "append, 1 client", name: "sql-post-events", clients: 1 },
  { work: "append, 8 clients", name: "sql-post-events", clients: 8 },
  { work: "history of 20 events", name: "sql-history", clients: 1, rows: historyLength },
  { work: "feed page of 100", name: "sql-feed", clients: 1, rows: 100 },
  { work: "statistics", name: "sql-statistics", clients: 1, rows: 1 },
  { work: `${waiting} unprocessed events`, name: "sql-unprocessed", clients: 1, rows: waiting },
  { work: "state 10 days ago, HTTP", name: "http-time-travel", clients: 1, rows: 1 },
];

interface Grown {
  size: number;
  target: BenchStack;
}

/** The same work on stacks whose logs are of 10 k events, ten times as many, and so on, side by side. */
export async function run(bench: Bench): Promise<Section> {
  return await withStacks(sizesUpTo(bench.largest), bench, async (logs) => {
    const arms = tasks.flatMap((task) => logs.map((grown) => arm(bench, grown, task)));
    const samples = await interleave(arms, bench.rounds, bench.log);
    const rates = (task: Task, size: number) => samples[nameOf(task, size)] ?? [];
    const larger = logs.map(({ size }) => size).slice(1);
    await storePlot("growth.svg", drawing(larger, rates));
    return {
      title,
      note:
        `In SQL through postgres.js, time travel through the function; ${bench.rounds} rounds of ` +
        `${bench.seconds} s for appends and ${readSeconds} s for reads, a stack for each size. The ` +
        `logs were loaded in bulk, ${historyLength} events an aggregate over 30 days, half with ` +
        `correlation_id, half with idempotency_key; \`state_changes\` and state tables are empty. ` +
        `History is read as staff under row-level security; ${waiting} events wait while reads are ` +
        `measured. Aggregates and cursors are chosen by chance, so that little is in the cache.`,
      findings: tasks.flatMap((task) =>
        larger.map((size) =>
          compare({
            work: `${task.work}, ${number(size)}`,
            than: number(smallest),
            ours: rates(task, size),
            against: rates(task, smallest),
            unit: "/s",
            atLeast: 1 / limit,
          })
        )
      ),
      remarks: ["![Cost of a call against the size of the log](growth.svg)"],
    };
  });
}

function sizesUpTo(largest: number): number[] {
  const sizes: number[] = [];
  for (let size = smallest; size <= largest; size *= 10) sizes.push(size);
  if (sizes.length < 2) throw new Error(`Growth needs --largest of ${smallest * 10} or more`);
  return sizes;
}

/** Starts and loads a stack for each size. */
async function withStacks<T>(
  sizes: readonly number[],
  bench: Bench,
  run: (logs: Grown[]) => Promise<T>,
  ready: Grown[] = [],
): Promise<T> {
  const [size, ...rest] = sizes;
  if (size === undefined) return await run(ready);
  return await withBenchStack(async (target) => {
    const loading = await loadLog(target, size);
    bench.log(`  ${number(size)} events loaded in ${number(loading)} s`);
    return await withStacks(rest, bench, run, [...ready, { size, target }]);
  });
}

function drawing(larger: number[], rates: (task: Task, size: number) => number[]): string {
  const lines = tasks.map((task) => ({
    name: task.work,
    points: [
      { size: smallest, cost: 1, low: 1, high: 1 },
      ...larger.map((size) => {
        const { median: cost, min: low, max: high } = ratioOf(
          rates(task, smallest),
          rates(task, size),
        );
        return { size, cost, low, high };
      }),
    ],
  }));
  return plot("Cost of a call, as a multiple of that on the smallest log", lines, limit);
}

function nameOf({ work }: Task, size: number): string {
  return `${work}, ${number(size)}`;
}

function arm(bench: Bench, grown: Grown, task: Task): Arm<number> {
  const { stack, sql, staffId } = grown.target;
  const request = {
    work: task.name,
    url: task.name.startsWith("http-") ? stack.url : stack.dbUrl,
    headers: { apikey: stack.keys.secret },
    clients: task.clients,
    actor: { kind: "user", user_id: staffId },
  };
  const append = async () => {
    const { perSecond } = await countedLoad({ ...bench, sql }, request);
    await settle(sql);
    return perSecond;
  };
  const rows = task.rows;
  const measure = rows === undefined ? append : () => read(bench, grown, request, rows);
  return { name: nameOf(task, grown.size), measure };
}

async function read(
  bench: Bench,
  { size, target }: Grown,
  request: Omit<LoadRequest, "seconds">,
  rowsPerCall: number,
): Promise<number> {
  await keepWaiting(target, waiting);
  const aggregates = await someAggregates(target.sql, size);
  const last = await lastNumber(target.sql, "public.events");
  const { calls, rows, seconds } = await bench.load.ask({
    ...request,
    aggregates,
    last,
    seconds: readSeconds,
  });
  if (rows !== calls * rowsPerCall) {
    throw new Error(`${request.work} read ${rows} rows in ${calls} calls`);
  }
  return calls / seconds;
}

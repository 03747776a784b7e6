/** What is asked of a log that load_log.ts wrote. */
import { type BenchStack, settle } from "./bench_stack.ts";
import { appendShop } from "./backlog.ts";

/** Events that every loaded aggregate has. */
export const historyLength = 20;

/** Some of the aggregates of a log of so many events, by chance. */
export async function someAggregates(sql: BenchStack["sql"], events: number): Promise<string[]> {
  const aggregates = events / historyLength;
  const rows = await sql`
    select bench.aggregate(floor(random() * ${aggregates}::int)::int) as id from generate_series(1, 2000)`;
  return rows.map(({ id }) => id);
}

/** Sees to it that exactly so many events wait. */
export async function keepWaiting(target: BenchStack, waiting: number): Promise<void> {
  const { sql } = target;
  const [row] = await sql`select count(*)::int as waiting from private.unprocessed_events`;
  if (row?.waiting === waiting) return;
  await settle(sql);
  await appendShop(target, waiting);
}

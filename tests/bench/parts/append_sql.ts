import { type Bench, countedLoad, settle, silence, wakeUp } from "../bench_stack.ts";
import type { WorkName } from "../load/load_request.ts";
import { costTable, withCost } from "../processor_time.ts";
import { compare, type Section } from "../report.ts";
import { interleave } from "../rounds.ts";

export const title = "append-sql: post_events";

const clientCounts = [1, 8, 32];
const pairs: { of: string; ours: WorkName; plain: WorkName }[] = [
  { of: "post_events of one", ours: "sql-post-events", plain: "sql-insert" },
  { of: "post_events of 100: events", ours: "sql-post-events-100", plain: "sql-insert-100" },
];

/** post_events against a plain INSERT into a table with the seed's columns and nine indexes. */
export async function run(bench: Bench): Promise<Section> {
  await silence(bench);
  await bench.sql.file(new URL("../plain/plain_events.sql", import.meta.url));
  const arms = clientCounts.flatMap((clients) =>
    pairs.flatMap(({ ours, plain }) => [ours, plain]).map((work) => ({
      name: `${work} ${clients}`,
      measure: () => measure(bench, work, clients),
    }))
  );
  const samples = await interleave(arms, bench.rounds, bench.log);
  await settle(bench.sql);
  await bench.sql`drop table bench.plain_events`;
  await wakeUp(bench);
  const rates = (work: WorkName, clients: number) =>
    (samples[`${work} ${clients}`] ?? []).map(({ perSecond }) => perSecond);
  return {
    title,
    note:
      `Through postgres.js with prepared statements, one transaction a call, new aggregates, each ` +
      `event with an idempotency key, ` +
      `default durability; ${bench.rounds} rounds of ${bench.seconds} s. The plain INSERT checks ` +
      `nothing, keeps no aggregate versions and no queue, and returns the number only; post_events ` +
      `returns the whole events. The doorbell is closed, as while a worker drains.`,
    findings: pairs.flatMap(({ of, ours, plain }) =>
      clientCounts.map((clients) =>
        compare({
          work: `${of}, ${clients} client${clients > 1 ? "s" : ""}`,
          than: "INSERT",
          ours: rates(ours, clients),
          against: rates(plain, clients),
          unit: "/s",
          atLeast: 0.8,
        })
      )
    ),
    remarks: costTable(samples),
  };
}

function measure(bench: Bench, work: WorkName, clients: number) {
  const actor = { kind: "user", user_id: bench.staffId };
  const table = work.startsWith("sql-insert") ? "bench.plain_events" : "public.events";
  const request = { work, url: bench.stack.dbUrl, actor, clients };
  return withCost(bench, () => countedLoad(bench, request, table));
}

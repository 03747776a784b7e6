import { setTimeout as delay } from "node:timers/promises";
import { type Bench, wakeUp } from "../bench_stack.ts";
import { productEvents } from "../catalog_events.ts";
import { compare, measured, type Section } from "../report.ts";
import { interleave } from "../rounds.ts";
import { percentile } from "../statistics.ts";

export const title = "lag: from append to state, idle";

const perRound = 30;
/** Time for the last worker to look once more and end, in milliseconds. */
const idle = 150;
const pollEvery = 0.5;

/** How long after the commit of an append the state table shows it, against a bare webhook. */
export async function run(bench: Bench): Promise<Section> {
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
      `${bench.rounds} rounds of ${perRound} single appends in SQL with a pause of ${idle} ms ` +
      `before each, so that every one rings; from the answer to the append until an open connection ` +
      `reads the row. The bare webhook is \`net.http_post\` to a path of the functions that ` +
      `answers at once, until its answer is stored.`,
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

async function quantiles(once: () => Promise<number>): Promise<{ p50: number; p95: number }> {
  const values: number[] = [];
  for (let i = 0; i < perRound; i++) {
    await delay(idle);
    values.push(await once());
  }
  return { p50: percentile(values, 0.5), p95: percentile(values, 0.95) };
}

async function appendToState({ sql, staffId }: Bench): Promise<number> {
  const event = productEvents().next().value;
  const actor = sql.json({ kind: "user", user_id: staffId });
  await sql`select public.post_events(${JSON.stringify([event])}::text::jsonb, ${actor})`;
  return await timeUntil(() => sql`select from public.products where id = ${event.aggregate_id}`);
}

async function webhook({ sql, stack }: Bench): Promise<number> {
  const url = `${stack.url}/functions/v1/no-such-function`;
  const [row] = await sql`select net.http_post(url := ${url})::text as id`;
  return await timeUntil(() => sql`select from net._http_response where id = ${row?.id}`);
}

async function timeUntil(look: () => PromiseLike<{ length: number }>): Promise<number> {
  const started = performance.now();
  while ((await look()).length === 0) {
    if (performance.now() - started > 20_000) throw new Error("Nothing came in 20 s");
    await delay(pollEvery);
  }
  return performance.now() - started;
}

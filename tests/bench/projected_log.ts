/** A log of the shop with its state tables as they belong to it. */
import { type Bench, silence, workerEnvironment } from "./bench_stack.ts";
import { shopEvents } from "./catalog_events.ts";
import { JsonProcess } from "./load/json_process.ts";
import { number } from "./report.ts";

type Projector = JsonProcess<unknown, { processed: number; failed: number }>;

/** Lengthens the log to so many events of products and orders, all projected, by no function. */
export async function grow(bench: Bench, size: number): Promise<void> {
  const { sql, staffId, log } = bench;
  await silence(bench);
  const actor = sql.json({ kind: "user", user_id: staffId });
  const [{ stored } = {}] = await sql`
    select count(*)::int as stored from public.events where aggregate_type in ('product', 'order')`;
  const events = shopEvents(size - stored);
  for (let i = 0; i < events.length; i += 1000) {
    const some = JSON.stringify(events.slice(i, i + 1000));
    await sql`select public.post_events(${some}::text::jsonb, ${actor})`;
  }
  await project(bench);
  await sql`vacuum analyze`;
  await sql`checkpoint`;
  log(`  ${number(size)} events are stored and projected`);
}

async function project(bench: Bench): Promise<void> {
  const script = "tests/bench/load/drain_process.ts";
  const projector: Projector = new JsonProcess(script, workerEnvironment(bench));
  const { failed } = await projector.ask({}).finally(() => projector.stop());
  if (failed > 0) throw new Error(`${failed} events failed`);
}

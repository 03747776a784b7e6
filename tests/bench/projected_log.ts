/** A log of the shop with its state tables as they belong to it. */
import { appendShop } from "./backlog.ts";
import { type Bench, silence } from "./bench_stack.ts";
import { Drainer } from "./load/drainer.ts";
import { number } from "./report.ts";

/** Lengthens the log to so many events of products and orders, all projected, by no function. */
export async function grow(bench: Bench, size: number): Promise<void> {
  const { sql, log } = bench;
  await silence(bench);
  const [{ stored } = {}] = await sql`
    select count(*)::int as stored from public.events where aggregate_type in ('product', 'order')`;
  await appendShop(bench, size - stored);
  await project(bench);
  await sql`vacuum analyze`;
  await sql`checkpoint`;
  log(`  ${number(size)} events are stored and projected`);
}

async function project(bench: Bench): Promise<void> {
  const drainer = new Drainer(bench);
  await drainer.drain().finally(() => drainer.stop());
}

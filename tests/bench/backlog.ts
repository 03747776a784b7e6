/** A backlog of events of the shop, and the time that projecting it takes. */
import { type Bench, type BenchStack, lastNumber, silence } from "./bench_stack.ts";
import { shopEvents } from "./catalog_events.ts";

/** Appends so many events of products and orders, in big batches. */
export async function appendShop({ sql, staffId }: BenchStack, count: number): Promise<void> {
  const actor = sql.json({ kind: "user", user_id: staffId });
  const events = shopEvents(count);
  for (let i = 0; i < events.length; i += 1000) {
    const some = JSON.stringify(events.slice(i, i + 1000));
    await sql`select public.post_events(${some}::text::jsonb, ${actor})`;
  }
}

/** Resolves once nothing waits any more. */
export async function untilProjected({ sql }: Pick<BenchStack, "sql">): Promise<void> {
  for (;;) {
    const [row] = await sql`select exists (select from private.unprocessed_events) as waiting`;
    if (!row?.waiting) return;
    await new Promise((done) => setTimeout(done, 25));
  }
}

/** Builds a backlog, has it projected by `work`, and returns the events processed in a second. */
export async function projected(
  bench: Bench,
  events: number,
  work: () => Promise<void>,
): Promise<number> {
  const { sql } = bench;
  await silence(bench);
  const last = await lastNumber(sql, "public.events");
  await appendShop(bench, events);
  await sql`checkpoint`;
  const [begun] = await sql`select clock_timestamp()::text as at`;
  await work();
  const [row] = await sql`
    select count(*)::int as processed, extract(epoch from max(processed_at) - ${begun?.at}::timestamptz)::float8 as seconds
    from public.events where event_number > ${last} and processed and processing_error is null`;
  if (row?.processed !== events) {
    throw new Error(`${row?.processed} of ${events} events were processed`);
  }
  return events / row.seconds;
}

/** Rebuilds by the real worker, timed and watched. */
import type { Bench } from "./bench_stack.ts";
import { residentMegabytes } from "./processor_time.ts";

/** One rebuild of the whole log. */
interface Rebuilt {
  perSecond: number;
  /** The most memory that the functions process held meanwhile. */
  megabytes: number;
}

/** Rebuilds products and orders; as many rows as said must have differed. */
export async function rebuilt(bench: Bench, differing: number): Promise<Rebuilt> {
  const { stack } = bench;
  const [{ events: stored } = {}] = await bench.sql`
    select count(*)::int as events from public.events where aggregate_type in ('product', 'order')`;
  let megabytes = await residentMegabytes(stack.functions.pid);
  const timer = setInterval(async () => {
    megabytes = Math.max(megabytes, await residentMegabytes(stack.functions.pid));
  }, 50);
  stack.pgNet.resume(); // a worker at its limits calls the next one through it
  try {
    const { id } = await ask(bench, "rebuild", { aggregate_types: ["product", "order"] });
    const done = await ended(bench, id);
    if (
      done.status !== "completed" || done.events !== stored || done.differing_rows !== differing
    ) {
      throw new Error(`The rebuild is not as expected: ${JSON.stringify(done)}`);
    }
    return { perSecond: done.events / done.seconds, megabytes };
  } finally {
    clearInterval(timer);
    await stack.pgNet.pause();
  }
}

/** The rebuild once it has ended, looked at in the database so that looking costs little. */
async function ended({ sql }: Bench, id: string) {
  for (;;) {
    const [row] = await sql<
      { status: string; events: number; differing_rows: number; seconds: number }[]
    >`
      select r.status, r.events_done::int as events,
        extract(epoch from r.finished_at - r.started_at)::float8 as seconds,
        (select count(*)::int from private.rebuild_differences d where d.rebuild_id = r.id) as differing_rows
      from private.rebuilds r where r.id = ${id} and r.finished_at is not null`;
    if (row) return row;
    await new Promise((done) => setTimeout(done, 50));
  }
}

async function ask({ stack }: Bench, path: string, body: unknown): Promise<{ id: string }> {
  const response = await fetch(`${stack.url}/functions/v1/database-manager/${path}`, {
    method: "POST",
    headers: { apikey: stack.keys.secret, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.status !== 202) throw new Error(`${path} answered ${response.status}`);
  return await response.json();
}

/** The stack a part is measured on. */
import postgres, { type Sql } from "postgres";
import { type Stack, startStack } from "../../supabase/local/stack.ts";
import { JsonProcess } from "./load/json_process.ts";
import type { LoadRequest, LoadResult } from "./load/load_request.ts";

export interface BenchStack {
  stack: Stack;
  /** One connection as the superuser. */
  sql: Sql;
  staffId: string;
  /** Access token of a member of the staff. */
  staffToken: string;
}

/** What every part gets. */
export interface Bench extends BenchStack {
  load: JsonProcess<LoadRequest, LoadResult>;
  rounds: number;
  /** Length of one measurement of a load. */
  seconds: number;
  /** The longest log that growth is measured on, in events. */
  largest: number;
  log: (line: string) => void;
}

const staffId = "5eed0000-0000-4000-8000-000000000001";

/** Starts a stack in a temporary folder, runs `run`, and leaves nothing behind. */
export async function withBenchStack<T>(run: (bench: BenchStack) => Promise<T>): Promise<T> {
  const dataDir = await Deno.makeTempDir({ prefix: "event sourcing bench " });
  try {
    const stack = await startStack({ dataDir });
    const sql = postgres(stack.adminUrl, { max: 1, onnotice: () => {} });
    try {
      return await run({ stack, sql, staffId, staffToken: await tokenOf(stack) });
    } finally {
      await sql.end({ timeout: 1 });
      await stack.stop();
    }
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
}

/** Signed in once, for an hour. */
async function tokenOf(stack: Stack): Promise<string> {
  const response = await fetch(`${stack.url}/auth/v1/token?grant_type=password`, {
    method: "POST",
    headers: { apikey: stack.keys.publishable },
    body: JSON.stringify({ email: "staff@example.com", password: "event-sourcing" }),
  });
  const { access_token } = await response.json();
  return access_token;
}

/**
 * Nobody projects from now on, and inserts find the doorbell closed, as they do while a worker is
 * draining: what is measured is the append alone.
 */
export async function silence({ stack, sql }: BenchStack): Promise<void> {
  await Promise.all([stack.pgNet.pause(), stack.cron.pause()]);
  await sql`update private.doorbell set closed_until = 'infinity'`;
  await sql`truncate net.http_request_queue`;
}

/** Webhook and sweep work again. */
export async function wakeUp({ stack, sql }: BenchStack): Promise<void> {
  await sql`update private.doorbell set closed_until = '-infinity'`;
  stack.pgNet.resume();
  stack.cron.resume();
}

/** Takes every waiting event off the queue as if it were projected, for parts that only append. */
export async function settle(sql: Sql): Promise<void> {
  await sql`
    with done as (delete from private.unprocessed_events returning event_number)
    update public.events e set processed = true, processed_at = clock_timestamp(), processing_attempts = 1
    from done d where e.event_number = d.event_number`;
  await sql`checkpoint`;
}

/** Runs `measure` and throws unless it stored exactly the events it says. */
export async function countedLoad(
  { load, seconds, sql }: Pick<Bench, "load" | "seconds" | "sql">,
  request: Omit<LoadRequest, "seconds">,
  table = "public.events",
): Promise<LoadResult & { perSecond: number }> {
  const last = await lastNumber(sql, table);
  const result = await load.ask({ ...request, seconds });
  const [row] = await sql`
    select count(*)::int as stored from ${sql(table)} where event_number > ${last}`;
  if (result.rows === 0 || row?.stored !== result.rows) {
    throw new Error(
      `${request.work} says it wrote ${result.rows} events, ${row?.stored} are there`,
    );
  }
  return { ...result, perSecond: result.rows / result.seconds };
}

/** The number of the newest row of a log. */
export async function lastNumber(sql: Sql, table: string): Promise<number> {
  const [row] = await sql`select coalesce(max(event_number), 0)::int as last from ${sql(table)}`;
  return row?.last;
}

/** What a process needs to work on the stack as a function does. */
export function workerEnvironment({ stack }: BenchStack): Record<string, string> {
  return {
    SUPABASE_URL: stack.url,
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: stack.keys.publishable }),
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: stack.keys.secret }),
    SUPABASE_JWKS: JSON.stringify(stack.jwks),
    DATABASE_URL: stack.dbUrl,
  };
}

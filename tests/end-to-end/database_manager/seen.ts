import type { ManagerStack } from "./manager_stack.ts";

/** The failed event an aggregate waits behind. */
export interface Barrier {
  event_number: number;
  attempts: number;
  error_code: string;
  error: string;
  /** Seconds from the failure to the next attempt; null when it is parked. */
  seconds: number | null;
}

/** What blocks an aggregate, if anything. */
export async function barrierOf({ sql }: ManagerStack, id: string): Promise<Barrier | undefined> {
  const [row] = await sql<Barrier[]>`
    select b.event_number::int, b.attempts, b.error_code, b.error,
      ceil(extract(epoch from b.next_attempt_at - clock_timestamp()))::int as seconds
    from private.blocked_aggregates b where b.aggregate_id = ${id}`;
  return row && { ...row };
}

/** Versions of an aggregate's processed events. */
export async function versionsDone({ sql }: ManagerStack, id: string): Promise<number[]> {
  const rows = await sql<{ version: number }[]>`
    select aggregate_version::int as version from public.events
    where aggregate_id = ${id} and processed order by 1`;
  return rows.map(({ version }) => version);
}

/** Stock and version of a product as its table has it. */
export async function productOf({ sql }: ManagerStack, id: string) {
  const [row] = await sql<{ stock_quantity: number; version: number }[]>`
    select stock_quantity, version::int from public.products where id = ${id}`;
  return row && { ...row };
}

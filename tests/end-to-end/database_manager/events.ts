import type { Sql } from "postgres";
import type { SupabaseClient } from "@supabase/supabase-js";
import type { LoggedEvent } from "../../support/oracle/image.ts";

/** An event as `post_events` takes it. */
export interface NewEvent {
  event_type: string;
  aggregate_type: string;
  aggregate_id: string;
  data: Record<string, unknown>;
}

let products = 0;

/** A product with an article number that no other has. */
export function created(
  aggregate_id: string,
  sku = `DM-${++products}-${aggregate_id.slice(0, 8)}`,
): NewEvent {
  return productEvent("product.created", aggregate_id, { sku, name: "Pump", base_price: 5999 });
}

/** A change of stock that holds for any product. */
export function moved(aggregate_id: string, quantity_change = 1): NewEvent {
  return productEvent("product.stock_updated", aggregate_id, { quantity_change, reason: "count" });
}

/** Data that breaks the schema: only the database stores it, and `evolve` refuses it. */
export function spoiled(aggregate_id: string): NewEvent {
  return productEvent("product.stock_updated", aggregate_id, { quantity_change: "many" });
}

function productEvent(event_type: string, aggregate_id: string, data: NewEvent["data"]): NewEvent {
  return { event_type, aggregate_type: "product", aggregate_id, data };
}

/** Stores events, 1000 an append, past the function that would check their data. */
export async function post(
  { client }: { client: SupabaseClient },
  ...events: NewEvent[]
): Promise<LoggedEvent[]> {
  const stored: LoggedEvent[] = [];
  for (let start = 0; start < events.length; start += 1000) {
    const { data, error } = await client.rpc("post_events", {
      p_events: events.slice(start, start + 1000),
      p_actor: { kind: "service" },
    });
    if (error) throw new Error(`post_events: ${error.code} ${error.message}`);
    stored.push(...data.events);
  }
  return stored;
}

/** Marks an event by hand, as staff do. */
export async function mark(
  { client }: { client: SupabaseClient },
  id: string | undefined,
  status: "processed" | "failed" | "pending",
  error: string | null = "by the test",
): Promise<{ code?: string }> {
  const answer = await client.rpc("set_event_processing", {
    p_event_id: id,
    p_status: status,
    p_actor: "system",
    p_error: error,
  });
  return answer.error ?? {};
}

/** `times` results of `make`. */
export function many<T>(times: number, make: () => T): T[] {
  return Array.from({ length: times }, make);
}

/** Ids of `count` new aggregates that share the partition of the first. */
export async function aggregatesOfOnePartition(
  sql: Sql,
  count: number,
): Promise<string[]> {
  const rows = await sql`
    with ids as (select gen_random_uuid() as id from generate_series(1, ${count * 64}))
    select id from ids
    where private.partition_of(id) = (select floor(random() * 16)::smallint) limit ${count}`;
  return rows.map(({ id }) => String(id));
}

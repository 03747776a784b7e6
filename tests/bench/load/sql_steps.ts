/** Clients with one database connection each, through postgres.js with its prepared statements. */
import postgres, { type JSONValue, type Sql } from "postgres";
import { type BenchEvent, productEvents, shopEvents } from "../catalog_events.ts";
import type { Step } from "./closed_loop.ts";
import type { LoadRequest } from "./load_request.ts";

const connections = new Map<string, Sql>();

/** The client's own connection, opened before the clock runs and kept for the next measurement. */
async function connection(
  url: string,
  client: number,
  settings: Record<string, string> = {},
): Promise<Sql> {
  const name = JSON.stringify([client, url, settings]);
  const sql = connections.get(name) ??
    postgres(url, { max: 1, onnotice: () => {}, connection: settings });
  connections.set(name, sql);
  await sql`select 1`;
  return sql;
}

/** post_events with `size` events a call. */
export async function postEvents(
  { url, actor = {} }: LoadRequest,
  client: number,
  size: number,
): Promise<Step> {
  const sql = await connection(url, client);
  const next = batches(size);
  const author = sql.json(actor as JSONValue); // plain JSON: it came over a pipe
  return async () => {
    const [row] = await sql`
      select public.post_events(${sql.json(next() as unknown as JSONValue)}, ${author}) as stored`;
    return row?.stored.events.length;
  };
}

/** The limit: a plain INSERT of `size` rows into a table with the seed's columns and 9 indexes. */
export async function insert(
  { url }: LoadRequest,
  client: number,
  size: number,
): Promise<Step> {
  const sql = await connection(url, client);
  const next = batches(size);
  return async () => {
    const rows = next().map((event) => ({
      id: crypto.randomUUID(),
      event_type: event.event_type,
      aggregate_type: event.aggregate_type,
      aggregate_id: event.aggregate_id,
      data: sql.json(event.data as JSONValue),
      metadata: sql.json(event.metadata as JSONValue),
      created_by: "user:5eed0000-0000-4000-8000-000000000001",
      user_id: "5eed0000-0000-4000-8000-000000000001",
      idempotency_key: event.idempotency_key,
    }));
    return (await sql`insert into bench.plain_events ${sql(rows)} returning event_number`).length;
  };
}

/** History of one aggregate after the other, as staff read it under row-level security. */
export async function history(
  { url, actor, aggregates = [] }: LoadRequest,
  client: number,
): Promise<Step> {
  const claims = JSON.stringify({ role: "authenticated", sub: actor?.user_id });
  const reader = { role: "authenticated", "request.jwt.claims": claims };
  const sql = await connection(url, client, reader);
  let turn = client * 7919;
  return async () => {
    const id = aggregates[turn++ % aggregates.length] ?? "";
    return (await sql`select * from public.get_aggregate_events('product', ${id})`).length;
  };
}

/** A page of a hundred events at any place of the log. */
export async function feed({ url, last = 0 }: LoadRequest, client: number): Promise<Step> {
  const sql = await connection(url, client);
  return async () => {
    const after = Math.floor(Math.random() * (last - 100));
    const [row] = await sql`select public.read_feed(${after}::bigint, 100) as page`;
    return row?.page.events.length;
  };
}

export async function statistics({ url }: LoadRequest, client: number): Promise<Step> {
  const sql = await connection(url, client);
  return async () => {
    const [row] = await sql`select public.event_statistics() as statistics`;
    return row?.statistics.total > 0 ? 1 : 0;
  };
}

export async function unprocessed({ url }: LoadRequest, client: number): Promise<Step> {
  const sql = await connection(url, client);
  return async () => (await sql`select * from public.get_unprocessed_events(0, 100)`).length;
}

function batches(size: number): () => BenchEvent[] {
  const events = productEvents();
  return size === 1 ? () => [events.next().value] : () => shopEvents(size);
}

/** Closes every connection. */
export async function disconnect(): Promise<void> {
  await Promise.all([...connections.values()].map((sql) => sql.end({ timeout: 1 })));
  connections.clear();
}

/** Posting straight to SQL, as the events function does through PostgREST. */
import type { ISql, JSONValue } from "postgres";
import { findEventType } from "../../shared/events/catalog.ts";

/** What `post_events` takes; the rest of an event is the database's to say. */
export interface Posting {
  event_type: string;
  aggregate_type: string;
  aggregate_id: string;
  data: JSONValue;
  schema_version?: number;
  metadata?: JSONValue;
  created_by?: string;
  user_id?: string;
  correlation_id?: string;
  causation_id?: string;
  idempotency_key?: string;
  expected_version?: number;
}

/** A row of `events` as JSON. */
export interface Stored extends Required<Posting> {
  id: string;
  event_number: number;
  aggregate_version: number;
  created_at: string;
  owner_id: string | null;
  processed: boolean;
  processing_attempts: number;
}

export type Actor = Record<string, string>;

export const service: Actor = { kind: "service" };
export const user = (userId: string): Actor => ({ kind: "user", user_id: userId });
export const agent = (name: string): Actor => ({ kind: "agent", name });

export interface Appended {
  events: Stored[];
  replayed: boolean;
}

/** Calls `post_events`; the role must be one that may. */
export async function post(
  sql: ISql,
  events: readonly Posting[],
  actor: Actor = service,
): Promise<Appended> {
  const [row] = await sql<{ appended: Appended }[]>`
    select public.post_events(${sql.json(events as unknown as JSONValue)}, ${sql.json(actor)})
      as appended`;
  if (!row) throw new Error("post_events returned no row");
  return row.appended;
}

/** What `post_each` says of a request it did not carry out. */
export class Refusal extends Error {
  constructor(readonly code: string, message: string, readonly detail: string | null) {
    super(message);
  }
}

type Outcome = Appended & { error?: { code: string; message: string; details: string | null } };

/** Calls `post_each`: the outcomes of the requests, in their order. */
export async function postEach(
  sql: ISql,
  requests: readonly { events: readonly Posting[]; actor: Actor }[],
): Promise<(Appended | Refusal)[]> {
  const [row] = await sql<{ outcomes: Outcome[] }[]>`
    select public.post_each(${sql.json(requests as unknown as JSONValue)}) as outcomes`;
  if (!row) throw new Error("post_each returned no row");
  return row.outcomes.map(({ error, ...appended }) =>
    error ? new Refusal(error.code, error.message, error.details) : appended
  );
}

/** A fixed UUID: `id("product", 7)` is always the same one, and like no other. */
export function id(kind: string, number: number): string {
  const prefix = [...kind].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  return `${prefix.toString(16).padStart(8, "0")}-7e57-4000-8000-${
    number.toString(16).padStart(12, "0")
  }`;
}

/** What the catalog says of a type now. */
export function currentVersion(type: string): number {
  return findEventType(type)?.schemaVersion ?? 1;
}

/** An event that the service and staff may post. */
export function stockUpdated(product: string, more: Partial<Posting> = {}): Posting {
  return {
    event_type: "product.stock_updated",
    schema_version: currentVersion("product.stock_updated"),
    aggregate_type: "product",
    aggregate_id: product,
    data: { quantity_change: 1, reason: "Counted again" },
    ...more,
  };
}

/** An event that customers may post too. */
export function orderCreated(
  order: string,
  customer: string,
  more: Partial<Posting> = {},
): Posting {
  return {
    event_type: "order.created",
    schema_version: currentVersion("order.created"),
    aggregate_type: "order",
    aggregate_id: order,
    data: { customer_id: customer },
    ...more,
  };
}

/** The one event that agents may post. */
export function priceObserved(product: string, more: Partial<Posting> = {}): Posting {
  return {
    event_type: "market.competitor_price_observed",
    schema_version: currentVersion("market.competitor_price_observed"),
    aggregate_type: "market",
    aggregate_id: product,
    data: { competitor: "Pump Bazaar", price: 5499, observed_at: "2025-10-25T06:00:00Z" },
    ...more,
  };
}

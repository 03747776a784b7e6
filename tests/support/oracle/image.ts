import type { Sql, TransactionSql } from "postgres";
import type { Row } from "../../../shared/domain/aggregate.ts";
import type { PendingEvent, StateChange } from "../../../shared/database_manager/batch.ts";
import { stateTables } from "./compare.ts";

/** A row of `events`. */
export interface LoggedEvent extends PendingEvent {
  readonly causation_id: string | null;
  readonly idempotency_key: string | null;
  readonly processed: boolean;
  readonly processing_error: string | null;
}

/** Everything the rules speak about, as of one moment. */
export interface Image {
  readonly events: readonly LoggedEvent[];
  /** Rows of the state tables. */
  readonly tables: Readonly<Record<string, readonly Row[]>>;
  readonly changes: readonly (StateChange & { change_number: number })[];
  readonly queue: readonly { event_number: number; partition: number; blocked: boolean }[];
  readonly heads: readonly { aggregate_type: string; aggregate_id: string; version: number }[];
  readonly blocked: readonly BlockedAggregate[];
  readonly statistics: Readonly<Record<string, unknown>>;
}

export interface BlockedAggregate {
  readonly aggregate_type: string;
  readonly aggregate_id: string;
  readonly event_number: number;
  readonly error_code: string;
  readonly error: string;
  readonly next_attempt_at: string | null;
  readonly parked_at: string | null;
}

/** Reads it all in one snapshot, so it holds together even while others write. */
export async function takeImage(sql: Sql): Promise<Image> {
  const image = await sql.begin("isolation level repeatable read read only", async (snapshot) => ({
    events: await rowsOf(snapshot, "public.events", "event_number"),
    tables: await readStateTables(snapshot),
    changes: await rowsOf(snapshot, "public.state_changes", "change_number"),
    queue: await rowsOf(snapshot, "private.unprocessed_events", "event_number"),
    heads: await rowsOf(snapshot, "private.aggregates", "aggregate_id"),
    blocked: await rowsOf(snapshot, "private.blocked_aggregates", "event_number"),
    statistics: await snapshot`select public.event_statistics() as j`.then(([row]) => row?.j),
  }));
  // The tables' definitions and to_jsonb guarantee these shapes.
  return image as unknown as Image;
}

async function readStateTables(sql: TransactionSql): Promise<Record<string, Row[]>> {
  const tables: Record<string, Row[]> = {};
  for (const table of stateTables.keys()) {
    tables[table] = await rowsOf(sql, `public.${table}`, "1");
  }
  return tables;
}

async function rowsOf(sql: TransactionSql, table: string, order: string): Promise<Row[]> {
  const rows = await sql<{ j: Row }[]>`
    select to_jsonb(t) as j from ${sql(table)} as t order by ${sql.unsafe(order)}`;
  return rows.map(({ j }) => j);
}

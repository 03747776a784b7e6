import type { NewEvent, Row, StoredEvent } from "../domain/aggregate.ts";

/** An event as `take_events` hands it out. */
export interface PendingEvent extends StoredEvent {
  readonly event_number: number;
  readonly correlation_id: string | null;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly processing_attempts: number;
  /** Whether the aggregate's event before this one is processed (true for the first). */
  readonly previous_processed: boolean;
}

/** The right to work on one partition; the token fences off whoever held it before. */
export interface Lease {
  readonly partition: number;
  readonly token: number;
}

/** Answer of `take_events`. */
export interface Batch {
  readonly leases: readonly Lease[];
  /** In log order. */
  readonly events: readonly PendingEvent[];
  /** Current state rows, by table, of the aggregates in `events`. */
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  /** An append had begun and not ended before the look: it may belong here. */
  readonly in_flight: boolean;
  /** There may be more to take. */
  readonly again: boolean;
}

/** What one event did to one row: only the columns that changed. */
export interface StateChange {
  readonly event_number: number;
  readonly event_id: string;
  readonly table_name: string;
  /** The row's key; several key columns are joined by ":". */
  readonly row_id: string;
  readonly operation: "insert" | "update" | "delete";
  readonly before: Row | null;
  readonly after: Row | null;
}

/** An event that could not be applied. */
export interface Failure {
  readonly event_number: number;
  readonly error_code: string;
  readonly error: string;
  /** Seconds until the next attempt; null parks the aggregate until staff act. */
  readonly retry_seconds: number | null;
}

/** An event caused by another, as `commit_events` posts it. */
export interface Effect extends NewEvent {
  readonly metadata: { readonly effect_depth: number };
  readonly correlation_id: string;
  readonly causation_id: string;
  readonly idempotency_key: string;
}

/** Argument of `commit_events`. */
export interface Commit {
  readonly upserts: Readonly<Record<string, readonly Row[]>>;
  /** The properties of those rows, by table: one without a column is refused. */
  readonly properties: Readonly<Record<string, readonly string[]>>;
  readonly deletes: Readonly<Record<string, readonly Row[]>>;
  readonly changes: readonly StateChange[];
  readonly processed: readonly number[];
  readonly failures: readonly Failure[];
  readonly effects: readonly Effect[];
}

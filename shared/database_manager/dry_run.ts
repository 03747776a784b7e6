import type { DatabaseClient } from "../database/client.ts";
import { dataOf } from "../database/sqlstate.ts";
import {
  type Aggregate,
  DomainError,
  effectsOf,
  type NewEvent,
  nextState,
  type Row,
  type Rows,
  toRows,
} from "../domain/aggregate.ts";
import { findAggregate } from "../domain/aggregates.ts";
import { foldHistory } from "../events/aggregate_history.ts";
import { tryEvents } from "../events/append.ts";
import type { PostedEvent, StoredEvent } from "../events/envelope.ts";
import type { Folded } from "../events/time_travel.ts";
import type { Principal } from "../http/principal.ts";
import type { StateChange } from "./batch.ts";
import { stateChanges } from "./state_changes.ts";

/** What posting events would do. */
export interface DryRun {
  /** As they would be stored, but for id, number and time. */
  readonly events: readonly StoredEvent[];
  /** Stored before under the same idempotency key: posting them again would change nothing. */
  readonly replayed: boolean;
  /** The rows they would change, in order. */
  readonly changes: readonly StateChange[];
  /** The events that would follow in other aggregates. */
  readonly effects: readonly NewEvent[];
  /** Why the Database Manager would park the first of them that it could not apply. */
  readonly failure: { readonly code: string; readonly detail: string } | null;
}

/**
 * Tries events out: every check of an append, then the fold that the Database Manager would do on
 * top of the aggregates' whole history as `reader` sees it, and whether PostgreSQL would take the
 * rows. Stores nothing. `database` is the admin client.
 *
 * @throws ApplicationError as `appendEvents` does, `aggregate_not_found` (404)
 */
export async function dryRun(
  database: DatabaseClient,
  reader: DatabaseClient,
  principal: Principal,
  posted: readonly PostedEvent[],
): Promise<DryRun> {
  const { events, replayed } = await tryEvents(database, principal, posted);
  const changes: StateChange[] = [];
  const effects: NewEvent[] = [];
  const outcome = { events, replayed, changes, effects };
  if (replayed) return { ...outcome, failure: null };
  const reached = new Map<string, { readonly after: Folded; readonly rows: Rows }>();
  for (const event of events) {
    const aggregate = findAggregate(event.aggregate_type);
    if (!aggregate) continue;
    const path = { type: event.aggregate_type, id: event.aggregate_id };
    const key = `${path.type}:${path.id}`;
    const before = reached.get(key)?.after ?? await foldHistory(reader, path, "now");
    if (before.blocked_by) return { ...outcome, failure: before.blocked_by };
    try {
      const step = applied(aggregate, before, event);
      changes.push(...step.changes);
      effects.push(...step.effects);
      reached.set(key, step);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { ...outcome, failure: { code: error.code, detail: error.message } };
    }
  }
  const written = [...reached.values()].map(({ rows }) => rows);
  return { ...outcome, failure: await refusalOf(database, written) };
}

/** Why PostgreSQL would not take the rows, such as a value that is there once only. */
async function refusalOf(
  database: DatabaseClient,
  written: readonly Rows[],
): Promise<DryRun["failure"]> {
  if (written.length === 0) return null;
  const upserts: Record<string, Row[]> = {};
  for (const rows of written) {
    for (const [table, list] of Object.entries(rows)) (upserts[table] ??= []).push(...list);
  }
  return dataOf(await database.rpc("try_rows", { p_upserts: upserts }));
}

function applied(aggregate: Aggregate, before: Folded, event: StoredEvent) {
  const state = nextState(aggregate, before.state, event, before.version);
  const rows = toRows(aggregate, state);
  return {
    changes: stateChanges(aggregate, event, toRows(aggregate, before.state), rows),
    rows,
    effects: state ? effectsOf(aggregate, state, event) : [],
    after: { ...before, state, version: event.aggregate_version },
  };
}

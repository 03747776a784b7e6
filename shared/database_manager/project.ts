import {
  type Aggregate,
  DomainError,
  fromRows,
  nextState,
  type Rows,
  toRows,
} from "../domain/aggregate.ts";
import { findAggregate } from "../domain/aggregates.ts";
import type { Batch, Effect, Failure, PendingEvent, StateChange } from "./batch.ts";
import { effectsAfter } from "./effects.ts";
import { byAggregate, rowsByAggregate } from "./grouping.ts";
import { failureOf } from "./retry_policy.ts";
import { stateChanges } from "./state_changes.ts";

/** One event applied: the rows of its aggregate after it and what it changed and caused. */
export interface Step {
  readonly event: PendingEvent;
  readonly after: Rows;
  readonly changes: readonly StateChange[];
  readonly effects: readonly Effect[];
}

/** The events of one aggregate in a batch, in order, up to the first that failed. */
export interface AggregateWork {
  /** Undefined for aggregate types without state tables: their events change nothing. */
  readonly aggregate: Aggregate | undefined;
  readonly before: Rows;
  readonly steps: readonly Step[];
  readonly failure: Failure | null;
}

/** Applies a batch in memory, aggregate by aggregate. Pure. */
export function projectBatch(batch: Batch): AggregateWork[] {
  const rows = rowsByAggregate(batch.events, batch.rows);
  return [...byAggregate(batch.events)].map(([key, events]) => {
    const aggregate = findAggregate(events[0].aggregate_type);
    return aggregate
      ? projectAggregate(aggregate, events, rows.get(key) ?? {})
      : { aggregate, before: {}, steps: events.map(unchanged), failure: null };
  });
}

function projectAggregate(
  aggregate: Aggregate,
  events: readonly PendingEvent[],
  before: Rows,
): AggregateWork {
  const steps: Step[] = [];
  let state = fromRows(aggregate, before);
  let rows = toRows(aggregate, state);
  const start = rows;
  let version = state?.version ?? versionBefore(events[0]);
  for (const event of events) {
    try {
      state = nextState(aggregate, state, event, version);
      const after = toRows(aggregate, state);
      steps.push({
        event,
        after,
        changes: stateChanges(aggregate, event, rows, after),
        effects: effectsAfter(aggregate, state, event),
      });
      rows = after;
      version = event.aggregate_version;
    } catch (error) {
      return { aggregate, before: start, steps, failure: failure(event, error) };
    }
  }
  return { aggregate, before: start, steps, failure: null };
}

/** Without state, an event may be other than the first only when all before it were skipped. */
function versionBefore(event: PendingEvent | undefined): number {
  return event?.previous_processed ? event.aggregate_version - 1 : 0;
}

function failure(event: PendingEvent, error: unknown): Failure {
  if (error instanceof DomainError) return failureOf(event, error.code, error.message);
  const message = error instanceof Error ? error.message : String(error);
  return failureOf(event, "evolve_failed", message);
}

function unchanged(event: PendingEvent): Step {
  return { event, after: {}, changes: [], effects: [] };
}

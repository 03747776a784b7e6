import {
  type AggregateState,
  applyEvent,
  effectsOf,
  type NewEvent,
  type Row,
  skipEvent,
  toRows,
} from "../../../shared/domain/aggregate.ts";
import { findAggregate } from "../../../shared/domain/aggregates.ts";
import { stateTables } from "./compare.ts";
import type { LoggedEvent } from "./image.ts";

/** What the log says should be there. */
export interface FreshFold {
  /** Rows by table. */
  readonly tables: Readonly<Record<string, readonly Row[]>>;
  /** By idempotency key. */
  readonly effects: ReadonlyMap<string, NewEvent & { causation_id: string }>;
  /** Processed events that the domain refuses: they should never have been marked. */
  readonly refused: readonly string[];
}

/** Folds the processed events of a log, aggregate by aggregate, in memory. */
export function freshFold(events: readonly LoggedEvent[]): FreshFold {
  const tables: Record<string, Row[]> = Object.fromEntries(
    [...stateTables.keys()].map((table) => [table, []]),
  );
  const effects = new Map<string, NewEvent & { causation_id: string }>();
  const refused: string[] = [];
  for (const stream of streamsOf(events).values()) {
    try {
      foldStream(stream, tables, effects);
    } catch (error) {
      refused.push(`${stream[0]?.aggregate_type} ${stream[0]?.aggregate_id}: ${error}`);
    }
  }
  return { tables, effects, refused };
}

/** Events by aggregate, each in the order of its versions. */
export function streamsOf(events: readonly LoggedEvent[]): Map<string, LoggedEvent[]> {
  const streams = Map.groupBy(events, (e) => `${e.aggregate_type} ${e.aggregate_id}`);
  for (const stream of streams.values()) {
    stream.sort((a, b) => a.aggregate_version - b.aggregate_version);
  }
  return streams;
}

function foldStream(
  stream: readonly LoggedEvent[],
  tables: Record<string, Row[]>,
  effects: Map<string, NewEvent & { causation_id: string }>,
): void {
  const aggregate = findAggregate(stream[0]?.aggregate_type ?? "");
  if (!aggregate) return;
  let state: AggregateState | null = null;
  let version = 0;
  for (const event of stream.filter(({ processed }) => processed)) {
    if (event.skip_reason === null) {
      state = applyEvent(aggregate, state, event, version);
      effectsOf(aggregate, state, event).forEach((effect, i) =>
        effects.set(`effect:${event.id}:${i}`, { ...effect, causation_id: event.id })
      );
    } else {
      state = skipEvent(state, event);
    }
    version = event.aggregate_version;
  }
  for (const [table, rows] of Object.entries(toRows(aggregate, state))) {
    tables[table]?.push(...rows);
  }
}

import {
  type Aggregate,
  type AggregateState,
  DomainError,
  nextState,
  type Row,
  type Rows,
  type StoredEvent,
  toRows,
} from "../../domain/aggregate.ts";
import { byKey, changedColumns, tablesOf } from "../state_changes.ts";

/** A processed event as a rebuild reads it. */
export interface ProcessedEvent extends StoredEvent {
  readonly event_number: number;
  /** Whether `state_changes` explains it. */
  readonly has_receipt?: boolean;
}

/** A row in which the fresh fold differs from the state table. */
export interface Difference {
  readonly table_name: string;
  /** The row's key; several key columns are joined by ":". */
  readonly row_id: string;
  readonly aggregate_type: string;
  readonly aggregate_id: string;
  /** The aggregate's version at which both were compared. */
  readonly version: number;
  readonly operation: "insert" | "update" | "delete";
  /** The row as found. */
  readonly before: Row | null;
  /** The row as folded. */
  readonly after: Row | null;
}

/** Something wrong with the log or its processing, beside rows that differ. */
export interface Finding {
  readonly kind: "missing_receipt" | "version_hole" | "fold_failed";
  readonly event_number: number;
  readonly aggregate_type: string;
  readonly aggregate_id: string;
  readonly detail: string;
}

/** An aggregate part of the way through its events. */
export interface Folding {
  readonly state: AggregateState | null;
  readonly version: number;
  /** Set once an event could not be folded: the rest of the aggregate is then left alone. */
  readonly failed: boolean;
}

export const unfolded: Folding = { state: null, version: 0, failed: false };

/** Folds further events of one aggregate; what cannot be folded becomes a finding. Pure. */
export function foldOn(
  aggregate: Aggregate,
  from: Folding,
  events: readonly ProcessedEvent[],
): { folding: Folding; findings: Finding[] } {
  let { state, version, failed } = from;
  const findings: Finding[] = [];
  for (const event of events) {
    if (event.has_receipt === false && event.skip_reason === null) {
      findings.push(finding("missing_receipt", event, `${event.event_type} changed nothing`));
    }
    if (failed) continue;
    try {
      state = nextState(aggregate, state, event, version);
      version = event.aggregate_version;
    } catch (error) {
      failed = true;
      const hole = error instanceof DomainError && error.code === "version_hole";
      findings.push(finding(hole ? "version_hole" : "fold_failed", event, String(error)));
    }
  }
  return { folding: { state, version, failed }, findings };
}

function finding(kind: Finding["kind"], event: ProcessedEvent, detail: string): Finding {
  const { event_number, aggregate_type, aggregate_id } = event;
  return { kind, event_number, aggregate_type, aggregate_id, detail };
}

/** The rows of one aggregate that differ between its state tables and a finished fold. */
export function differences(
  aggregate: Aggregate,
  id: string,
  { state, version }: Folding,
  found: Rows,
): Difference[] {
  const folded = toRows(aggregate, state);
  return tablesOf(aggregate).flatMap(({ table, key }) => {
    const before = byKey(found[table] ?? [], key);
    const after = byKey(folded[table] ?? [], key);
    return [...new Set([...before.keys(), ...after.keys()])].flatMap((rowId) => {
      const [old, now] = [before.get(rowId) ?? null, after.get(rowId) ?? null];
      if (old && now && changedColumns(old, now).length === 0) return [];
      return [{
        table_name: table,
        row_id: rowId,
        aggregate_type: aggregate.type,
        aggregate_id: id,
        version,
        operation: old ? (now ? "update" : "delete") : "insert",
        before: old,
        after: now,
      }];
    });
  });
}

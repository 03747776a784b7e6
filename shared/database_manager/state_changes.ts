import type { Aggregate, Row, Rows } from "../domain/aggregate.ts";
import type { PendingEvent, StateChange } from "./batch.ts";

/** The rows one event inserted, updated or deleted, with the columns that changed. */
export function stateChanges(
  aggregate: Aggregate,
  event: Numbered,
  before: Rows,
  after: Rows,
): StateChange[] {
  return tablesOf(aggregate).flatMap(({ table, key }) => {
    const old = byKey(before[table] ?? [], key);
    const now = byKey(after[table] ?? [], key);
    const changes: StateChange[] = [];
    for (const [rowId, row] of now) {
      const change = changeOf(old.get(rowId), row);
      if (change) changes.push(changeRecord(event, table, rowId, change));
    }
    for (const [rowId, row] of old) {
      if (now.has(rowId)) continue;
      const change = { operation: "delete", before: row, after: null } as const;
      changes.push(changeRecord(event, table, rowId, change));
    }
    return changes;
  });
}

/** An aggregate's tables with their key columns, the main one first. */
export function tablesOf(aggregate: Aggregate): { table: string; key: readonly string[] }[] {
  return [{ table: aggregate.table, key: ["id"] }, ...Object.values(aggregate.children)];
}

/** Rows by their key; several key columns are joined by ":". */
export function byKey(rows: readonly Row[], key: readonly string[]): Map<string, Row> {
  return new Map(rows.map((row) => [key.map((column) => row[column]).join(":"), row]));
}

type Numbered = Pick<PendingEvent, "id" | "event_number">;
type Change = Pick<StateChange, "operation" | "before" | "after">;

function changeRecord(event: Numbered, table: string, rowId: string, change: Change) {
  return {
    event_number: event.event_number,
    event_id: event.id,
    table_name: table,
    row_id: rowId,
    ...change,
  };
}

function changeOf(before: Row | undefined, after: Row): Change | null {
  if (!before) return { operation: "insert", before: null, after };
  if (before === after) return null;
  const changed = changedColumns(before, after);
  if (changed.length === 0) return null;
  return { operation: "update", before: pick(before, changed), after: pick(after, changed) };
}

/** Columns whose JSON value differs between two rows. */
export function changedColumns(before: Row, after: Row): string[] {
  const columns = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...columns].filter((column) => !sameJson(before[column] ?? null, after[column] ?? null));
}

function pick(row: Row, columns: string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
}

function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  // Both are objects or both arrays, so their entries can be compared by key.
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]));
}

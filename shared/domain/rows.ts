import type { Aggregate, AggregateState, ChildTable } from "./aggregate.ts";

/** A row as `to_jsonb` gives it: column name to JSON value. */
export type Row = Readonly<Record<string, unknown>>;

/** Rows by table: at most one in the main table, any number in the child tables. */
export type Rows = Readonly<Record<string, readonly Row[]>>;

/**
 * The rows a state is stored as; every table of the aggregate is named, also when it has none.
 * Child rows are the state's own objects, so an unchanged one is `===` before and after an event.
 */
export function toRows<State extends AggregateState>(
  aggregate: Aggregate<State>,
  state: State | null,
): Rows {
  const rows: Record<string, readonly Row[]> = { [aggregate.table]: [] };
  const main: Record<string, unknown> = { ...state };
  for (const [property, child] of Object.entries(aggregate.children)) {
    rows[child.table] = childRows(main, property);
    delete main[property];
  }
  if (state) rows[aggregate.table] = [main];
  return rows;
}

/** The state that `toRows` made the rows of; null when the main row is missing. */
export function fromRows<State extends AggregateState>(
  aggregate: Aggregate<State>,
  rows: Rows,
): State | null {
  const main = rows[aggregate.table]?.[0];
  if (!main) return null;
  const state: Record<string, unknown> = { ...main };
  for (const [property, child] of Object.entries(aggregate.children)) {
    state[property] = inKeyOrder(child, rows[child.table] ?? []);
  }
  // Only the Database Manager writes state tables, and it writes what toRows made of a State.
  return state as unknown as State;
}

function childRows(main: Record<string, unknown>, property: string): readonly Row[] {
  // A child property of a state is an array of rows by definition of ChildTable.
  return (main[property] ?? []) as readonly Row[];
}

function inKeyOrder(child: ChildTable, rows: readonly Row[]): readonly Row[] {
  return rows.length < 2 ? rows : rows.toSorted((a, b) => compareByKey(child.key, a, b));
}

/** Orders rows by their key columns: numbers as numbers, text by code unit. */
export function compareByKey(key: readonly string[], a: Row, b: Row): number {
  for (const column of key) {
    // Key columns are integers or text, which compare with `<`.
    const left = a[column] as string | number;
    const right = b[column] as string | number;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

import { isDeepStrictEqual } from "node:util";
import type { Row } from "../../../shared/domain/aggregate.ts";
import { aggregates } from "../../../shared/domain/aggregates.ts";

/** Key columns of every state table. */
export const stateTables: ReadonlyMap<string, readonly string[]> = new Map(
  aggregates.flatMap(({ table, children }) => [
    [table, ["id"]] as const,
    ...Object.values(children).map((child) => [child.table, child.key] as const),
  ]),
);

/** Rows of a state table by their key, joined by ":" as in `state_changes.row_id`. */
export function keyed(table: string, rows: readonly Row[]): Map<string, Row> {
  const key = stateTables.get(table) ?? ["id"];
  return new Map(rows.map((row) => [key.map((column) => row[column]).join(":"), row]));
}

/** One line for each row and column of a table that is not as it should be. */
export function differences(
  table: string,
  wanted: ReadonlyMap<string, Row>,
  found: ReadonlyMap<string, Row>,
): string[] {
  const faults: string[] = [];
  for (const [id, row] of wanted) {
    const actual = found.get(id);
    if (actual) faults.push(...differingColumns(row, actual).map((f) => `${table} ${id}: ${f}`));
    else faults.push(`${table} ${id} is missing`);
  }
  for (const id of found.keys()) {
    if (!wanted.has(id)) faults.push(`${table} ${id} should not be there`);
  }
  return faults;
}

/** One line for each column that differs; null and absent are the same. */
export function differingColumns(wanted: Row, found: Row): string[] {
  const columns = new Set([...Object.keys(wanted), ...Object.keys(found)]);
  return [...columns]
    .filter((column) => !isDeepStrictEqual(wanted[column] ?? null, found[column] ?? null))
    .map((column) =>
      `${column} is ${JSON.stringify(found[column])}, should be ${JSON.stringify(wanted[column])}`
    );
}

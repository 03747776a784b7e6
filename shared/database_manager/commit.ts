import type { Row, Rows } from "../domain/aggregate.ts";
import type { Commit } from "./batch.ts";
import type { AggregateWork } from "./project.ts";
import { byKey, tablesOf } from "./state_changes.ts";

/** Joins the work on several aggregates into one commit: each row once, as it is at the end. */
export function commitOf(works: readonly AggregateWork[]): Commit {
  const upserts: Record<string, Row[]> = {};
  const deletes: Record<string, Row[]> = {};
  for (const { aggregate, before, steps } of works) {
    const after = steps.at(-1)?.after;
    if (!aggregate || !after) continue;
    for (const { table, key } of tablesOf(aggregate)) {
      const { written, gone } = difference(table, key, before, after);
      if (written.length > 0) (upserts[table] ??= []).push(...written);
      if (gone.length > 0) (deletes[table] ??= []).push(...gone);
    }
  }
  const steps = works.flatMap((work) => work.steps);
  return {
    upserts,
    properties: Object.fromEntries(
      Object.entries(upserts).map(([table, rows]) => [table, propertiesOf(rows)]),
    ),
    deletes,
    changes: steps.flatMap((step) => step.changes),
    processed: steps.map((step) => step.event.event_number),
    failures: works.flatMap((work) => work.failure ?? []),
    effects: steps.flatMap((step) => step.effects),
  };
}

function difference(table: string, key: readonly string[], before: Rows, after: Rows) {
  const old = byKey(before[table] ?? [], key);
  const now = byKey(after[table] ?? [], key);
  return {
    written: [...now].filter(([rowId, row]) => old.get(rowId) !== row).map(([, row]) => row),
    gone: [...old].filter(([rowId]) => !now.has(rowId)).map(([, row]) =>
      Object.fromEntries(key.map((column) => [column, row[column]]))
    ),
  };
}

function propertiesOf(rows: readonly Row[]): string[] {
  const names = new Set<string>();
  for (const row of rows) {
    for (const name in row) names.add(name);
  }
  return [...names];
}

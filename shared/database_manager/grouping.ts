import type { Row, Rows, StoredEvent } from "../domain/aggregate.ts";
import { findAggregate } from "../domain/aggregates.ts";

/** One or more events of one aggregate, in order. */
export type Group<Event> = [Event, ...Event[]];

/** Events by the aggregate they belong to, each group in the given order. */
export function byAggregate<Event extends StoredEvent>(
  events: readonly Event[],
): Map<string, Group<Event>> {
  const groups = new Map<string, Group<Event>>();
  for (const event of events) {
    const key = keyOf(event.aggregate_type, event.aggregate_id);
    const group = groups.get(key);
    if (group) group.push(event);
    else groups.set(key, [event]);
  }
  return groups;
}

/** The rows of each aggregate that `events` name, main and child tables, by the same key. */
export function rowsByAggregate(
  events: readonly StoredEvent[],
  rows: Readonly<Record<string, readonly Row[]>>,
): Map<string, Rows> {
  const byKey = new Map<string, Record<string, Row[]>>();
  for (const type of new Set(events.map((event) => event.aggregate_type))) {
    const aggregate = findAggregate(type);
    if (!aggregate) continue;
    const tables = [{ table: aggregate.table, parent: "id" }, ...Object.values(aggregate.children)];
    for (const { table, parent } of tables) {
      for (const row of rows[table] ?? []) {
        const key = keyOf(type, String(row[parent]));
        const own = byKey.get(key) ?? {};
        (own[table] ??= []).push(row);
        byKey.set(key, own);
      }
    }
  }
  return byKey;
}

function keyOf(type: string, id: string): string {
  return `${type}:${id}`;
}

import { assertEquals } from "@std/assert";
import type { Sql } from "postgres";
import {
  type AggregateState,
  nextState,
  type Row,
  type StoredEvent,
  toRows,
} from "../../../../shared/domain/aggregate.ts";
import { findAggregate } from "../../../../shared/domain/aggregates.ts";
import type { ReadState } from "./reader.ts";

/** Every state that was read is the fold of the log up to its version, under the old marks or the new. */
export async function assertReadsAreFolds(
  sql: Sql,
  states: ReadonlyMap<string, ReadState>,
): Promise<void> {
  for (const [id, read] of Map.groupBy(states.values(), ({ id }) => id)) {
    const [first] = read;
    if (!first) continue;
    const folds = await foldsOf(sql, first.type, id);
    for (const { type, version, generation, json } of read) {
      const fold = folds[version - 1];
      const mark = type === "product" ? { name: "OLD" } : { notes: "OLD" };
      const expected = { ...fold, ...generation === "old" ? mark : {} };
      assertEquals(JSON.parse(json), expected, `${type} ${id} at version ${version}`);
    }
  }
}

/** What PostgREST shows of an aggregate after each of its events. */
async function foldsOf(sql: Sql, type: "product" | "order", id: string): Promise<Row[]> {
  const aggregate = findAggregate(type);
  if (!aggregate) throw new Error(`There is no aggregate ${type}`);
  const events = await sql<{ event: StoredEvent }[]>`
    select to_jsonb(e) as event from events e
    where aggregate_type = ${type} and aggregate_id = ${id} order by aggregate_version`;
  let state: AggregateState | null = null;
  return events.map(({ event }) => {
    state = nextState(aggregate, state, event);
    const { [aggregate.table]: [main] = [], ...children } = toRows(aggregate, state);
    return { ...main, ...embedded(type, children) };
  });
}

/** A product has one cost or none: PostgREST embeds it as an object. */
function embedded(type: "product" | "order", children: Record<string, readonly Row[]>): Row {
  if (type === "order") return children;
  return { product_costs: children.product_costs?.[0] ?? null };
}

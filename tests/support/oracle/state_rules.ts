import type { Row } from "../../../shared/domain/aggregate.ts";
import { findAggregate } from "../../../shared/domain/aggregates.ts";
import { differences, keyed, stateTables } from "./compare.ts";
import { freshFold } from "./fresh_fold.ts";
import type { Image } from "./image.ts";

/** Every state table equals a fresh fold of the processed events, row by row. */
export function stateIsFreshFold({ events, tables }: Image): string[] {
  const fold = freshFold(events);
  return [
    ...fold.refused.map((refusal) => `processed against the domain: ${refusal}`),
    ...[...stateTables.keys()].flatMap((table) =>
      differences(table, keyed(table, fold.tables[table] ?? []), keyed(table, tables[table] ?? []))
    ),
  ];
}

/** The receipts, replayed in the order they were written, make the state. */
export function receiptsMakeTheState({ tables, changes }: Image): string[] {
  const replayed = new Map([...stateTables.keys()].map((table) => [table, new Map<string, Row>()]));
  for (const { table_name, row_id, operation, after } of changes) {
    const rows = replayed.get(table_name);
    if (operation === "delete") rows?.delete(row_id);
    else rows?.set(row_id, { ...rows.get(row_id), ...after });
  }
  return [...replayed].flatMap(([table, rows]) =>
    differences(table, rows, keyed(table, tables[table] ?? [])).map((fault) => `receipts: ${fault}`)
  );
}

/** Each processed event has its receipts, once for each row and in the order of the log; no other has any. */
export function receiptsBelongToProcessedEvents({ events, changes }: Image): string[] {
  const faults: string[] = [];
  const processed = new Map(events.filter((e) => e.processed).map((e) => [e.id, e]));
  const lastOf = new Map<string, number>();
  for (const { event_id, event_number, table_name, row_id } of changes) {
    const row = `${table_name} ${row_id}`;
    const last = lastOf.get(row) ?? 0;
    if (!processed.has(event_id)) faults.push(`${row}: receipt of event ${event_number}, not done`);
    if (last === event_number) faults.push(`${row}: two receipts of event ${event_number}`);
    if (last > event_number) faults.push(`${row}: event ${event_number} came after ${last}`);
    lastOf.set(row, event_number);
  }
  const explained = new Set(changes.map((change) => change.event_id));
  for (const event of processed.values()) {
    if (event.skip_reason !== null || !findAggregate(event.aggregate_type)) continue;
    if (!explained.has(event.id)) faults.push(`processed event ${event.event_number}: no receipt`);
  }
  return faults;
}

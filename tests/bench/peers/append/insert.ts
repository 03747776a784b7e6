/** The limit: a plain INSERT into a table with the seed's columns and nine indexes. */
import { type OpenAppender, staffId } from "./appender.ts";

const columns = [
  "id",
  "event_type",
  "aggregate_type",
  "aggregate_id",
  "data",
  "metadata",
  "created_by",
  "user_id",
  "idempotency_key",
];

export const open: OpenAppender = (pool) =>
  Promise.resolve(async (events) => {
    const values = events.flatMap((event) => [
      crypto.randomUUID(),
      event.event_type,
      event.aggregate_type,
      event.aggregate_id,
      event.data,
      event.metadata,
      `user:${staffId}`,
      staffId,
      event.idempotency_key,
    ]);
    const { rowCount } = await pool.query({
      name: `insert ${events.length}`,
      text: `insert into bench.plain_events (${columns}) values ${places(events.length)} ` +
        `returning event_number`,
      values,
    });
    return rowCount ?? 0;
  });

function places(rows: number): string {
  return Array.from({ length: rows }, (_, row) => {
    const numbers = columns.map((_, column) => `$${row * columns.length + column + 1}`);
    return `(${numbers})`;
  }).join(", ");
}

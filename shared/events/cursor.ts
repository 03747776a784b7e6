import { z } from "@hono/zod-openapi";

/** A place in the log: the number of the last event seen. */
export const cursor = z.coerce.number("Expected an event number").int().min(0)
  .max(Number.MAX_SAFE_INTEGER).openapi({ type: "integer", example: 1042 });

/** How many rows a page holds: 1 to 1000, 100 unless said otherwise. */
export const limit = z.coerce.number("Expected a number").int().min(1).max(1000).default(100)
  .openapi({ type: "integer", minimum: 1, maximum: 1000, default: 100 });

/** The cursor for the next page, or null when this was the last one. */
export const next = z.int().nullable().openapi({
  description: "Pass as cursor to get the next page; null on the last page",
  example: 1042,
});

/** Cuts rows that were fetched with one more than the limit into a page and its next cursor. */
export function page<Row>(
  rows: Row[],
  limit: number,
  place: (row: Row) => number,
): { rows: Row[]; next: number | null } {
  if (rows.length <= limit) return { rows, next: null };
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { rows: kept, next: last === undefined ? null : place(last) };
}

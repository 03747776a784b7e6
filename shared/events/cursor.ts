import { z } from "@hono/zod-openapi";
import { wholeNumber } from "../http/whole_number.ts";

/** A place in the log: the number of the last event seen. */
export const cursor = wholeNumber(0, Number.MAX_SAFE_INTEGER, "Expected an event number")
  .openapi({ example: 1042 });

/** How many rows a page holds: 1 to 1000, 100 unless said otherwise. */
export const limit = wholeNumber(1, 1000).default(100).openapi({ default: 100 });

/** Where the next page begins; null when this page was not full. */
export const next = z.int().nullable().openapi({
  description: "Pass as cursor to get the next page, which may be empty; null after the last one",
  example: 1042,
});

/**
 * The cursor of the page after these rows, null when there can be none. Asking for one row more
 * would tell a full last page apart, but the API gives at most as many rows as `limit` may be.
 */
export function nextCursor<Row>(
  rows: readonly Row[],
  limit: number,
  place: (row: Row) => number,
): number | null {
  const last = rows.at(-1);
  return last === undefined || rows.length < limit ? null : place(last);
}

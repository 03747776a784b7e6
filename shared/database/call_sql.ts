import type { DatabaseClient } from "./client.ts";
import { databaseError } from "./sqlstate.ts";

const MOST_RETRIES = 3;
/** Two transactions met over one idempotency key, or over their aggregates: one was undone. */
const RACES = new Set(["40001", "40P01"]);

/**
 * Calls a function of the database whose work is one transaction, again when a race undid it.
 *
 * @throws ApplicationError what its SQLSTATE means
 */
export async function callSql<Result>(
  database: DatabaseClient,
  name: string,
  parameters: Record<string, unknown>,
): Promise<Result> {
  for (let attempt = 0;; attempt++) {
    const { data, error, status } = await database.rpc(name, parameters);
    // The function named promises this shape.
    if (!error) return data as Result;
    if (!RACES.has(error.code) || attempt === MOST_RETRIES) throw databaseError(error, status);
    await new Promise((resolve) => setTimeout(resolve, 5 * 2 ** attempt + Math.random() * 20));
  }
}

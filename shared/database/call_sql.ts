import type { DatabaseClient } from "./client.ts";
import { backOff, lostRace } from "./race.ts";
import { databaseError } from "./sqlstate.ts";

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
    if (!lostRace(error.code, attempt)) throw databaseError(error, status);
    await backOff(attempt);
  }
}

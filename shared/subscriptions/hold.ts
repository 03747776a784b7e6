import type { DatabaseClient } from "../database/client.ts";
import { call } from "../database_manager/store.ts";
import type { Deliveries } from "./deliver.ts";

/** Milliseconds that an answer is good for: whoever deletes a subscription waits so long. */
export const HOLD_LASTS = 250;
/** Questions in a row whose answers come too late to be good for anything. */
const MOST_QUESTIONS = 4;

/**
 * Says whether deliveries that were just taken are still the worker's to push; asks the database
 * again when the last answer is old, once for all who want to know.
 *
 * @throws StoreError when the database is away
 */
export function holdOf(
  client: DatabaseClient,
  worker: string,
  { name, token }: Deliveries,
  takenAt: number,
): () => Promise<boolean> {
  let goodUntil = takenAt + HOLD_LASTS;
  let answer = Promise.resolve(true);
  const ask = async () => {
    const parameters = { p_worker: worker, p_name: name, p_token: token };
    return await call(client, "holds_deliveries", parameters) === true;
  };
  return async () => {
    for (let question = 0; question < MOST_QUESTIONS; question++) {
      if (performance.now() < goodUntil && !await answer) return false;
      if (performance.now() < goodUntil) return true;
      // The time counts from before the question, however long the answer takes to come.
      [goodUntil, answer] = [performance.now() + HOLD_LASTS, ask()];
      await answer;
    }
    return false; // too slow to tell: the next turn tries again
  };
}

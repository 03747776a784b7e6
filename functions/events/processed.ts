import type { DatabaseClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import type { StoredEvent } from "../../shared/events/envelope.ts";

/** Pauses between two looks, in milliseconds: the first soon, then ever longer. */
const FIRST_PAUSE = 15;
const LONGEST_PAUSE = 500;
const MOST_IDS = 100;

/**
 * Waits until the Database Manager has processed all the events, at most `seconds`. Returns the
 * events as they are then, and whether all of them are processed.
 */
export async function waitUntilProcessed(
  database: DatabaseClient,
  events: readonly StoredEvent[],
  seconds: number,
): Promise<{ events: StoredEvent[]; done: boolean }> {
  const deadline = Date.now() + seconds * 1000;
  const latest = new Map(events.map((event) => [event.id, event]));
  for (let pause = FIRST_PAUSE;; pause = Math.min(pause * 1.6, LONGEST_PAUSE)) {
    const open = [...latest.values()].filter((event) => !event.processed);
    const left = deadline - Date.now();
    if (open.length === 0 || left <= 0) {
      return { events: [...latest.values()], done: open.length === 0 };
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(pause, left)));
    for (const event of await look(database, open)) latest.set(event.id, event);
  }
}

/** Looks at the last events first asked for: a batch is done when its last ones are. */
async function look(database: DatabaseClient, open: StoredEvent[]): Promise<StoredEvent[]> {
  const ids = open.slice(-MOST_IDS).map(({ id }) => id);
  return dataOf(await database.from("events").select().in("id", ids));
}

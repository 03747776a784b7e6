import type { DatabaseClient } from "../database/client.ts";
import { dataOf } from "../database/sqlstate.ts";
import type { StoredEvent } from "./envelope.ts";

/** Which events of the log a follower wants; all of them without any. */
export interface FeedFilter {
  /** Types such as `order.placed`, or all of an aggregate as `order.*`. */
  readonly event_types?: readonly string[];
  readonly aggregate_type?: string;
  readonly aggregate_id?: string;
}

/** A stretch of the feed. */
export interface FeedPage {
  /** In order of `event_number`. */
  readonly events: readonly StoredEvent[];
  /** The cursor to go on from; it moves over events that the filter drops, too. */
  readonly next: number;
  /** Nothing further for now. */
  readonly head: boolean;
}

/**
 * Reads the feed after a cursor. Following `next`, each event comes exactly once, in order.
 * After "now" there is no event yet, only the cursor that everything still to come follows.
 */
export async function readFeed(
  database: DatabaseClient,
  after: number | "now",
  limit: number,
  filter: FeedFilter = {},
): Promise<FeedPage> {
  return dataOf(
    await database.rpc("read_feed", {
      p_after: after === "now" ? null : after,
      p_limit: limit,
      p_event_types: filter.event_types ?? null,
      p_aggregate_type: filter.aggregate_type ?? null,
      p_aggregate_id: filter.aggregate_id ?? null,
    }),
  );
}

/** Whether an event is one the filter wants; the same rule as the database's. */
export function passes(event: StoredEvent, filter: FeedFilter): boolean {
  return (filter.aggregate_type === undefined || filter.aggregate_type === event.aggregate_type) &&
    (filter.aggregate_id === undefined || filter.aggregate_id === event.aggregate_id) &&
    (filter.event_types === undefined || filter.event_types.some((type) => matches(event, type)));
}

function matches({ event_type }: StoredEvent, type: string): boolean {
  return event_type === type || (type.endsWith(".*") && event_type.startsWith(type.slice(0, -1)));
}

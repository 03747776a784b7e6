import { z } from "@hono/zod-openapi";
import type { DatabaseClient } from "../database/client.ts";
import { dataOf } from "../database/sqlstate.ts";
import { findAggregate } from "../domain/aggregates.ts";
import { ApplicationError } from "../errors.ts";
import { aggregateTypeName, type StoredEvent, uuid } from "./envelope.ts";
import { type Folded, foldUntil, type Horizon, unborn } from "./time_travel.ts";

/** The path of one aggregate. */
export const AggregatePath = z.object({ type: aggregateTypeName, id: uuid });
export type AggregatePath = z.output<typeof AggregatePath>;

/** The most events one call reads. */
const MOST_EVENTS = 1000;

/** Events of an aggregate after a version, oldest first, as the reader may see them. */
export async function readHistory(
  database: DatabaseClient,
  { type, id }: AggregatePath,
  after: number,
  limit: number,
): Promise<StoredEvent[]> {
  return dataOf(
    await database.rpc("get_aggregate_events", {
      p_aggregate_type: type,
      p_aggregate_id: id,
      p_after_version: after,
      p_limit: limit,
    }),
  );
}

/** The answer for an aggregate without an event that the reader may see. */
export function aggregateNotFound({ type, id }: AggregatePath): ApplicationError {
  return new ApplicationError("aggregate_not_found", `There is no ${type} ${id} to see.`);
}

/**
 * Folds the history of an aggregate as far as the horizon, from the log, as the reader may see it.
 *
 * @throws ApplicationError `aggregate_not_found` (404) when the reader sees only a part of it
 */
export async function foldHistory(
  database: DatabaseClient,
  path: AggregatePath,
  horizon: Horizon,
): Promise<Folded> {
  const aggregate = findAggregate(path.type);
  let folded = unborn;
  for (let full = true; full && !folded.finished;) {
    const events = await readHistory(database, path, folded.version, MOST_EVENTS);
    // Who sees only some of the events sees no aggregate.
    if ((events[0]?.aggregate_version ?? 1) > folded.version + 1) throw aggregateNotFound(path);
    folded = foldUntil(aggregate, folded, events, horizon);
    full = events.length === MOST_EVENTS;
  }
  return folded;
}

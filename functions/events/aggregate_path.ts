import { z } from "@hono/zod-openapi";
import type { DatabaseClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { ApplicationError } from "../../shared/errors.ts";
import { aggregateTypeName, type StoredEvent, uuid } from "../../shared/events/envelope.ts";

/** The path of one aggregate. */
export const AggregatePath = z.object({ type: aggregateTypeName, id: uuid });
export type AggregatePath = z.output<typeof AggregatePath>;

/** The most events one call reads. */
export const MOST_EVENTS = 1000;

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

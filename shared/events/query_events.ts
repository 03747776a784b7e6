import type { DatabaseClient } from "../database/client.ts";
import { dataOf } from "../database/sqlstate.ts";
import { isStaff } from "../http/authenticate.ts";
import type { Identity } from "../http/credentials.ts";
import { correlate } from "./correlation.ts";
import type { StoredEvent } from "./envelope.ts";
import type { EventFilters } from "./event_filters.ts";

/** More events than ever wait at once: all of them are looked at. */
const WHOLE_BACKLOG = 2_147_483_647;

/**
 * The events that the filters let through, one page, as the reader may see them.
 *
 * @throws ApplicationError `database_unavailable` (503)
 */
export async function queryEvents(
  database: DatabaseClient,
  identity: Identity,
  filters: EventFilters,
): Promise<StoredEvent[]> {
  const owner = await ownerOnly(identity);
  const ascending = filters.order === "asc";
  let query = source(database, filters);
  if (owner !== null) query = query.or(`user_id.eq.${owner},owner_id.eq.${owner}`);
  for (const column of EXACT) {
    const value = filters[column];
    if (value !== undefined) query = query.eq(column, value);
  }
  if (filters.event_type !== undefined) {
    query = query.in("event_type", await typesLike(database, filters.event_type));
  }
  if (filters.correlation_id !== undefined) {
    query = query.eq("correlation_id", (await correlate(filters.correlation_id)).id);
  }
  if (filters.processed !== undefined) query = query.eq("processed", filters.processed);
  if (filters.failed === true) query = query.eq("processed", false).not(...HAS_ERROR);
  if (filters.failed === false) query = query.or("processed.is.true,processing_error.is.null");
  if (filters.since !== undefined) query = query.gte("created_at", filters.since);
  if (filters.until !== undefined) query = query.lt("created_at", filters.until);
  if (filters.data !== undefined) query = query.contains("data", filters.data);
  if (filters.cursor !== undefined) {
    query = ascending
      ? query.gt("event_number", filters.cursor)
      : query.lt("event_number", filters.cursor);
  }
  return dataOf(await query.order("event_number", { ascending }).limit(filters.limit));
}

/**
 * The user whose own events alone can come, null for everybody else. Row-level security decides
 * all the same; only its rule, "staff or own", leads to no index, and this one does.
 */
async function ownerOnly({ principal, token }: Identity): Promise<string | null> {
  if (principal.kind !== "user") return null;
  return await isStaff(principal.userId, token) ? null : principal.userId;
}

const EXACT = ["aggregate_type", "aggregate_id", "causation_id", "created_by", "user_id"] as const;
const HAS_ERROR = ["processing_error", "is", null] as const;

/** The log; or, when only unprocessed events are wanted, the queue, which no old event slows. */
function source(database: DatabaseClient, { processed, failed, order, cursor }: EventFilters) {
  if (processed !== false || failed === true) return database.from("events").select();
  const p_after = order === "asc" ? cursor ?? 0 : 0;
  return database.rpc("get_unprocessed_events", { p_after, p_limit: WHOLE_BACKLOG }).select();
}

/** The type itself, or all types of the catalog with the prefix: these an index finds. */
async function typesLike(database: DatabaseClient, type: string): Promise<string[]> {
  if (!type.endsWith("*")) return [type];
  // `_` would stand for any character.
  const prefix = `${type.slice(0, -1).replaceAll("_", "\\_")}%`;
  const types: { event_type: string }[] = dataOf(
    await database.from("event_types").select("event_type").like("event_type", prefix),
  );
  return types.map(({ event_type }) => event_type);
}

import { z } from "@hono/zod-openapi";
import type { DatabaseClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { correlate } from "../../shared/events/correlation.ts";
import { next, nextCursor } from "../../shared/events/cursor.ts";
import { StoredEvent } from "../../shared/events/envelope.ts";
import type { AppContext } from "../../shared/http/app_environment.ts";
import { isStaff, readerOf } from "../../shared/http/authenticate.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";
import { EventFilters } from "./event_filters.ts";

/** More events than ever wait at once: all of them are looked at. */
const WHOLE_BACKLOG = 2_147_483_647;

export const listEvents = endpoint({
  method: "get",
  path: "/",
  who: ["user", "agent", "service"],
  tags: ["Events"],
  summary: "Query the event stream",
  description: "Staff see every event, other users their own. Filters combine with and.",
  request: { query: EventFilters },
  responses: {
    200: json(z.object({ events: z.array(StoredEvent), next }).openapi("EventPage"), "A page"),
  },
}, async (c) => {
  const filters = c.req.valid("query");
  const events = await select(readerOf(c), filters, await ownerOnly(c));
  const next = nextCursor(events, filters.limit, (event) => event.event_number);
  return c.json({ events, next }, 200);
});

/**
 * The user whose own events alone can come, null for everybody else. Row-level security decides
 * all the same; only its rule, "staff or own", leads to no index, and this one does.
 */
async function ownerOnly(c: AppContext): Promise<string | null> {
  const { principal, token } = c.var;
  if (principal.kind !== "user") return null;
  return await isStaff(principal.userId, token) ? null : principal.userId;
}

async function select(
  database: DatabaseClient,
  filters: EventFilters,
  owner: string | null,
): Promise<StoredEvent[]> {
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

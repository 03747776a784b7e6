import { z } from "@hono/zod-openapi";
import {
  aggregateNotFound,
  AggregatePath,
  readHistory,
} from "../../shared/events/aggregate_history.ts";
import { cursor, limit, next, nextCursor } from "../../shared/events/cursor.ts";
import { StoredEvent } from "../../shared/events/envelope.ts";
import { readerOf } from "../../shared/http/authenticate.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";

const History = z.object({ events: z.array(StoredEvent), next }).openapi("EventPage");

export const aggregateHistory = endpoint({
  method: "get",
  path: "/aggregate/{type}/{id}/history",
  who: ["user", "agent", "service"],
  tags: ["Aggregates"],
  summary: "Get the event history of an entity",
  description: "Oldest first. Here the cursor is a version of the aggregate.",
  request: {
    params: AggregatePath,
    query: z.strictObject({ limit, cursor: cursor.optional() }),
  },
  problems: ["aggregate_not_found"],
  responses: { 200: json(History, "A page of the history") },
}, async (c) => {
  const path = c.req.valid("param");
  const { limit, cursor = 0 } = c.req.valid("query");
  const events = await readHistory(readerOf(c), path, cursor, limit);
  if (events.length === 0 && cursor === 0) throw aggregateNotFound(path);
  const next = nextCursor(events, limit, (event) => event.aggregate_version);
  return c.json({ events, next }, 200);
});

import { z } from "@hono/zod-openapi";
import { next, nextCursor } from "../../shared/events/cursor.ts";
import { StoredEvent } from "../../shared/events/envelope.ts";
import { EventFilters } from "../../shared/events/event_filters.ts";
import { queryEvents } from "../../shared/events/query_events.ts";
import { readerOf } from "../../shared/http/authenticate.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";

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
  const events = await queryEvents(readerOf(c), c.var, filters);
  const next = nextCursor(events, filters.limit, (event) => event.event_number);
  return c.json({ events, next }, 200);
});

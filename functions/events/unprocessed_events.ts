import { z } from "@hono/zod-openapi";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { cursor, limit, next, nextCursor } from "../../shared/events/cursor.ts";
import { StoredEvent } from "../../shared/events/envelope.ts";
import { readerOf } from "../../shared/http/authenticate.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";

export const unprocessedEvents = endpoint({
  method: "get",
  path: "/unprocessed",
  who: ["staff", "service"],
  tags: ["Processing"],
  summary: "Get unprocessed events",
  description: "What waits for the Database Manager, oldest first; failed events included.",
  request: { query: z.strictObject({ limit, cursor: cursor.optional() }) },
  responses: {
    200: json(z.object({ events: z.array(StoredEvent), next }).openapi("EventPage"), "A page"),
  },
}, async (c) => {
  const { limit, cursor = 0 } = c.req.valid("query");
  const events: StoredEvent[] = dataOf(
    await readerOf(c).rpc("get_unprocessed_events", { p_after: cursor, p_limit: limit }),
  );
  const next = nextCursor(events, limit, (event) => event.event_number);
  return c.json({ events, next }, 200);
});

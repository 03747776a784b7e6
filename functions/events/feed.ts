import { z } from "@hono/zod-openapi";
import { adminClient } from "../../shared/database/client.ts";
import { StoredEvent } from "../../shared/events/envelope.ts";
import { readFeed } from "../../shared/events/feed.ts";
import { ApplicationError } from "../../shared/errors.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";
import { FEED_TICKET } from "./feed_ticket.ts";
import { FeedQuery, filterOf } from "./feed_query.ts";
import { streamFeed } from "./feed_stream.ts";

const FeedPage = z.object({
  events: z.array(StoredEvent),
  next: z.int().openapi({ description: "Pass as after to go on" }),
  head: z.boolean().openapi({ description: "Nothing further for now" }),
}).openapi("FeedPage");

export const feed = endpoint({
  method: "get",
  path: "/feed",
  who: ["staff", "agent", "service"],
  ticket: FEED_TICKET,
  tags: ["Feed"],
  summary: "Follow the log: each event once, in order, without a gap",
  description: "Pages of JSON; or, for Accept: text/event-stream, a stream of events whose id is " +
    "the event number. It resumes by Last-Event-ID and ends by itself before the platform would " +
    "end it: clients connect again.",
  request: { query: FeedQuery },
  responses: {
    200: {
      ...json(FeedPage, "Events after the cursor"),
      content: {
        "application/json": { schema: FeedPage },
        "text/event-stream": {
          schema: z.string().openapi({ example: 'id: 7\ndata: {"event_number":7}\n\n' }),
        },
      },
    },
  },
}, async (c) => {
  const query = c.req.valid("query");
  if (c.req.header("accept")?.includes("text/event-stream")) {
    const after = resumePoint(c.req.header("last-event-id"), query.after);
    return await streamFeed(after, filterOf(query));
  }
  const page = await readFeed(adminClient(), query.after, query.limit, filterOf(query));
  return c.json({ ...page, events: [...page.events] }, 200);
});

/** What the browser saw last wins over what the URL still says. */
function resumePoint(lastEventId: string | undefined, after: number | "now"): number | "now" {
  if (lastEventId === undefined || lastEventId === "") return after;
  if (/^\d{1,15}$/.test(lastEventId)) return Number(lastEventId);
  throw new ApplicationError("invalid_parameter", "Last-Event-ID is not an event number.");
}

import { z } from "@hono/zod-openapi";
import { adminClient } from "../../shared/database/client.ts";
import { StoredEvent } from "../../shared/events/envelope.ts";
import { readFeed } from "../../shared/events/feed.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";
import { mayStay } from "../../shared/http/standing.ts";
import { FEED_TICKET } from "./feed_ticket.ts";
import { FeedQuery, filterOf } from "./feed_query.ts";
import { streamFeed } from "./feed_stream.ts";

const FeedPage = z.object({
  events: z.array(StoredEvent),
  next: z.int().openapi({ description: "Pass as after to go on" }),
  head: z.boolean().openapi({ description: "Nothing further for now" }),
}).openapi("FeedPage");

const FeedHeaders = z.object({
  "Last-Event-ID": z.string().regex(/^(\d{1,15})?$/, "Expected an event number").optional().openapi(
    {
      description: "Of a stream: the id that came last, after which it resumes; it wins over after",
      example: "1328",
    },
  ),
});

export const feed = endpoint({
  method: "get",
  path: "/feed",
  who: ["staff", "agent", "service"],
  ticket: FEED_TICKET,
  tags: ["Feed"],
  summary: "Follow the log: each event once, in order, without a gap",
  description: "Pages of JSON; or, for Accept: text/event-stream, a stream of events whose id is " +
    "the event number. It resumes by Last-Event-ID and ends by itself before the platform would " +
    "end it: clients connect again. It also ends, within seconds, when the reader's right to it does.",
  request: { query: FeedQuery, headers: FeedHeaders },
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
    const principal = c.get("principal");
    const after = resumePoint(c.req.valid("header")["Last-Event-ID"], query.after);
    return await streamFeed(after, filterOf(query), () => mayStay(principal));
  }
  const page = await readFeed(adminClient(), query.after, query.limit, filterOf(query));
  return c.json({ ...page, events: [...page.events] }, 200);
});

/** What the browser saw last wins over what the URL still says. */
function resumePoint(lastEventId: string | undefined, after: number | "now"): number | "now" {
  return lastEventId ? Number(lastEventId) : after;
}

import { z } from "@hono/zod-openapi";
import { endpoint, json } from "../../shared/http/endpoint.ts";
import { issueTicket } from "../../shared/http/ticket.ts";

/** The purpose of a ticket that opens the feed. */
export const FEED_TICKET = "feed";

const Ticket = z.object({
  ticket: z.string(),
  expires_at: z.string().openapi({ format: "date-time" }),
}).openapi("FeedTicket");

export const feedTicket = endpoint({
  method: "post",
  path: "/feed/tickets",
  who: ["staff", "agent", "service"],
  tags: ["Feed"],
  summary: "Get a ticket to open the feed by its URL alone",
  description: "EventSource sends no headers: open /events/feed?ticket=… with it. The ticket is " +
    "good for the feed only, for ten minutes; a stream that is open goes on.",
  responses: { 201: json(Ticket, "The ticket") },
}, async (c) => c.json(await issueTicket(FEED_TICKET, c.get("principal"), Date.now()), 201));

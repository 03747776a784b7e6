import { z } from "@hono/zod-openapi";
import { cursor, limit } from "../../shared/events/cursor.ts";
import { aggregateTypeName, uuid } from "../../shared/events/envelope.ts";
import type { FeedFilter } from "../../shared/events/feed.ts";

const TYPES = /^[a-z][a-z0-9_]*\.([a-z][a-z0-9_]*|\*)(,[a-z][a-z0-9_]*\.([a-z][a-z0-9_]*|\*))*$/;

/** The query of the feed. */
export const FeedQuery = z.strictObject({
  after: z.union([z.literal("now"), cursor], "Expected an event number or now").default(0).openapi({
    description: "Events after this number; 0 from the start, now for what comes next",
  }),
  limit,
  event_type: z.string().max(2000)
    .regex(TYPES, "Expected types such as order.placed or order.*, joined by commas").optional()
    .openapi({ description: "One or more types, joined by commas", example: "order.*" }),
  aggregate_type: aggregateTypeName.optional(),
  aggregate_id: uuid.optional(),
  ticket: z.string().max(2000).optional().openapi({
    description: "Instead of a header, for EventSource: see POST /events/feed/tickets",
  }),
});

/** The filter that a query asks for. */
export function filterOf(query: z.output<typeof FeedQuery>): FeedFilter {
  const { event_type, aggregate_type, aggregate_id } = query;
  return {
    ...(event_type !== undefined && { event_types: event_type.split(",") }),
    ...(aggregate_type !== undefined && { aggregate_type }),
    ...(aggregate_id !== undefined && { aggregate_id }),
  };
}

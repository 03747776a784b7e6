import { z } from "@hono/zod-openapi";
import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";

const Statistics = z.object({
  total: z.int(),
  processed: z.int(),
  unprocessed: z.int(),
  blocked: z.int().openapi({
    description: "Failed, or waiting behind a failed event of their aggregate",
  }),
  failed: z.int().openapi({ description: "Aggregates whose next event failed" }),
  by_type: z.record(z.string(), z.int()).openapi({ description: "Processed events by type" }),
  per_hour: z.array(z.object({ hour: z.string(), events: z.int() }))
    .openapi({ description: "Processed events by hour of creation, the last 24 hours" }),
  last_event_number: z.int().nullable(),
  lag_events: z.int(),
  lag_seconds: z.number().openapi({ description: "Age of the oldest unprocessed event" }),
  oldest_unprocessed: z.int().nullable(),
}).openapi("Statistics");

export const eventStatistics = endpoint({
  method: "get",
  path: "/stats",
  who: ["staff", "service"],
  tags: ["Events"],
  summary: "Get event statistics",
  responses: { 200: json(Statistics, "Totals, backlog and lag, read from counters") },
}, async (c) => {
  const statistics: z.output<typeof Statistics> = dataOf(
    await adminClient().rpc("event_statistics"),
  );
  return c.json(statistics, 200);
});

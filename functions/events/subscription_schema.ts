import { z } from "@hono/zod-openapi";
import { aggregateTypeName, uuid } from "../../shared/events/envelope.ts";

const time = z.string().openapi({ format: "date-time" });

export const subscriptionName = z.string()
  .regex(/^[a-z][a-z0-9_-]{0,62}$/, "Expected letters, digits, - and _ in lower case")
  .openapi({ example: "warehouse" });

export const SubscriptionPath = z.object({ name: subscriptionName });

export const typePattern = z.string().max(101)
  .regex(/^[a-z][a-z0-9_]*\.([a-z][a-z0-9_]*|\*)$/, "Expected order.placed or order.*")
  .openapi({ example: "order.*" });

const FailedDelivery = z.object({
  aggregate_type: aggregateTypeName,
  aggregate_id: uuid,
  event_number: z.int(),
  attempts: z.int(),
  error: z.string(),
  next_attempt_at: time.nullable(),
  parked_at: time.nullable().openapi({ description: "Set when it waits for a replay" }),
}).openapi("FailedDelivery");

/** A durable subscription. */
export const Subscription = z.object({
  name: subscriptionName,
  url: z.string().nullable().openapi({ description: "The webhook; null when it is pulled" }),
  event_types: z.array(z.string()).nullable(),
  aggregate_type: aggregateTypeName.nullable(),
  aggregate_id: uuid.nullable(),
  cursor: z.int().openapi({
    description: "Every event up to it is delivered or acknowledged, or is one of the undelivered",
  }),
  lag_events: z.int().openapi({
    description: "Events after the cursor that it wants; all are counted beyond the next 10,000",
  }),
  undelivered: z.int().openapi({
    description: "Events up to the cursor that wait or are parked: they are still to be delivered",
  }),
  paused_at: time.nullable(),
  pause_reason: z.string().nullable().openapi({
    description: "Why nothing is pushed, as when its creator is no longer staff; a replay goes on",
  }),
  max_attempts: z.int(),
  created_by: z.string(),
  created_at: time,
  delivered: z.int(),
  last_delivered_at: time.nullable(),
  failed: z.array(FailedDelivery).openapi({
    description: "Aggregates that wait behind a delivery: the first 100",
  }),
}).openapi("Subscription");
export type Subscription = z.output<typeof Subscription>;

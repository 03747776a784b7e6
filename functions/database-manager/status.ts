import { z } from "@hono/zod-openapi";
import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { generations } from "../../shared/domain/aggregates.ts";
import { aggregateTypeName, uuid } from "../../shared/events/envelope.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";

const count = z.int().min(0);
const time = z.string().openapi({ format: "date-time" });

const FailedEvent = z.object({
  event_id: uuid,
  event_number: z.int(),
  event_type: z.string(),
  aggregate_type: aggregateTypeName,
  aggregate_id: uuid,
  error_code: z.string(),
  error: z.string(),
  attempts: count,
  next_attempt_at: time.nullable(),
  parked_at: time.nullable().openapi({ description: "Set when it waits for people" }),
  waiting_behind: count.openapi({ description: "Later events of the same aggregate" }),
}).openapi("FailedEvent");

const Finding = z.looseObject({
  kind: z.string().openapi({ example: "missing_receipt" }),
  event_number: z.int().nullable(),
  aggregate_type: z.string().nullable(),
  aggregate_id: uuid.nullable(),
  detail: z.string(),
  found_at: time,
}).openapi("Finding");

const Partition = z.object({
  partition: z.int().min(0).max(15),
  holder: uuid.nullable(),
  heartbeat_at: time.nullable(),
  leased_until: time.nullable(),
  has_due_work: z.boolean(),
}).openapi("Partition");

const Status = z.object({
  head: z.int().nullable().openapi({ description: "The newest event number" }),
  total: count,
  unprocessed: count,
  waiting: count.openapi({ description: "Unprocessed and free to be processed" }),
  blocked: count.openapi({ description: "Unprocessed behind a failure or a pause" }),
  lag_events: count,
  lag_seconds: z.number(),
  oldest_unprocessed: z.int().nullable(),
  percent_processed: z.number().max(100).openapi({
    description: "100 only when nothing at all is unprocessed",
  }),
  rate: z.object({ last_minute: count, last_hour: count }),
  workers: count,
  partitions: z.array(Partition),
  webhook: z.object({
    worker_is_up: z.boolean(),
    configured: z.boolean(),
    last_seen_at: time.nullable(),
    last_sweep_at: time.nullable(),
    sweep_catches: count.openapi({ description: "How often the sweep found what no webhook had" }),
  }),
  paused: z.array(z.object({
    aggregate_type: z.string().openapi({ description: "* for everything" }),
    reason: z.string(),
    paused_by: z.string(),
    paused_at: time,
  })),
  failed: count,
  failed_events: z.array(FailedEvent),
  audit: z.object({
    checked_at: time.nullable(),
    rounds: count,
    rolling_after: count,
    front_after: count,
    open_findings: count,
    findings: z.array(Finding),
  }),
  needs_rebuild: z.array(z.string()).openapi({
    description: "Aggregate types whose code has a newer generation than their state table",
  }),
  rebuild: z.object({ id: uuid, kind: z.string(), status: z.string() }).nullable(),
}).openapi("DatabaseManagerStatus");

export const status = endpoint({
  method: "get",
  path: "/status",
  who: ["staff", "service"],
  tags: ["Database Manager"],
  summary: "How far the state tables are, and what is wrong",
  responses: { 200: json(Status, "The status") },
}, async (c) => {
  const answer: z.output<typeof Status> = dataOf(
    await adminClient().rpc("database_manager_status", { p_generations: generations }),
  );
  return c.json(answer, 200);
});

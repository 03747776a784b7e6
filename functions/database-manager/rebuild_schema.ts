import { z } from "@hono/zod-openapi";
import { aggregateTypeName, nullableJsonObject, uuid } from "../../shared/events/envelope.ts";

const count = z.int().min(0);
const time = z.string().openapi({ format: "date-time" });

const Difference = z.object({
  table_name: z.string(),
  row_id: z.string(),
  operation: z.enum(["insert", "update", "delete"]).openapi({
    description: "What the switch does to the row",
  }),
  before: nullableJsonObject.openapi({ description: "The row as found" }),
  after: nullableJsonObject.openapi({ description: "The row as folded from the log" }),
  aggregate_type: aggregateTypeName,
  aggregate_id: uuid,
  version: z.int(),
  fields: z.array(z.string()).openapi({ description: "The columns that differ" }),
  last_changed_by: z.record(
    z.string(),
    z.object({ event_id: uuid, event_number: z.int() }).nullable(),
  ).openapi({ description: "For each field the event that last set it" }),
}).openapi("Difference");

/** A rebuild, verification or rollback. */
export const Rebuild = z.object({
  id: uuid,
  kind: z.enum(["rebuild", "verify", "rollback"]),
  status: z.enum(["scanning", "compared", "switching", "completed", "failed", "cancelled"]),
  aggregate_types: z.array(aggregateTypeName),
  requested_by: z.string(),
  reason: z.string().nullable(),
  switch_by_hand: z.boolean(),
  rolls_back: uuid.nullable(),
  events_done: count,
  events_total: count,
  percent: z.number().min(0).max(100),
  events_per_second: z.number(),
  seconds_left: z.number().nullable(),
  differing_rows: count,
  kept_rows: count.openapi({ description: "Rows a rollback left, as later events changed them" }),
  differences: z.array(Difference).openapi({
    description: "The first 100; kept for the last 5 rebuilds, and for one that can be rolled back",
  }),
  findings: z.array(z.looseObject({ kind: z.string(), detail: z.string() })).openapi({
    description: "Events without a receipt, holes, events that cannot be folded: the first 100",
  }),
  started_at: time,
  scanned_at: time.nullable(),
  finished_at: time.nullable(),
  attempts: count.openapi({
    description: "Workers that began since it last came on; after 10 it fails",
  }),
  error: z.string().nullable().openapi({
    description: "Why it failed; while it runs, what stopped the last worker",
  }),
}).openapi("Rebuild");
export type Rebuild = z.output<typeof Rebuild>;

import { z } from "zod";
import { eventTypes, type Poster } from "./event_type.ts";
import { id, reason, slug, text } from "./fields.ts";

// Only the act itself records these, in its own transaction; a post of one would be a claim.
const nobody: readonly Poster[] = [];
const count = z.int().min(0);
const seconds = z.number().min(0);
const runId = id.describe("The rebuild or verification; also the aggregate's id");

/** The aggregate type of what people do to the platform itself. It has no state table. */
export const SYSTEM = "system";

/** The facts about the platform's own operation. */
export const systemEvents = eventTypes({
  "system.event_retried": {
    description: "A failed event was made due again.",
    schema: z.strictObject({ event_id: id, reason: reason.optional() }),
    example: {
      event_id: "01932b7e-5d00-7000-8000-000000000002",
      reason: "The duplicate article number was put right",
    },
    postedBy: nobody,
  },
  "system.event_parked": {
    description: "An event was marked as failed by hand: it and its aggregate wait for people.",
    schema: z.strictObject({ event_id: id, reason }),
    example: {
      event_id: "01932b7e-5d00-7000-8000-000000000002",
      reason: "The supplier disputes it",
    },
    postedBy: nobody,
  },
  "system.events_retried": {
    description: "All failed events, or those with one error code, were made due again.",
    schema: z.strictObject({
      error_code: text(100).optional(),
      events: count,
      reason: reason.optional(),
    }),
    example: { error_code: "23505", events: 3, reason: "The index was dropped" },
    postedBy: nobody,
  },
  "system.event_skipped": {
    description: "A failed event was set aside: it counts as processed and changes no state.",
    schema: z.strictObject({ event_id: id, reason }),
    example: {
      event_id: "01932b7e-5d00-7000-8000-000000000002",
      reason: "Posted twice by mistake",
    },
    postedBy: nobody,
  },
  "system.processing_requested": {
    description: "The Database Manager was told to process what waits, or these events, now.",
    schema: z.strictObject({
      event_ids: z.array(id).min(1).max(100).optional(),
      reason: reason.optional(),
    }),
    example: {
      event_ids: ["01932b7e-5d00-7000-8000-000000000002"],
      reason: "The article number is free again",
    },
    postedBy: nobody,
  },
  "system.processing_paused": {
    description: "The Database Manager was told to leave events, or those of one type, alone.",
    schema: z.strictObject({ aggregate_type: slug.optional(), reason }),
    example: { reason: "Moving to a larger database" },
    postedBy: nobody,
  },
  "system.processing_resumed": {
    description: "The Database Manager was told to take events again.",
    schema: z.strictObject({ aggregate_type: slug.optional(), reason: reason.optional() }),
    example: { reason: "The move is done" },
    postedBy: nobody,
  },
  "system.rebuild_started": {
    description: "The log is being folded anew, to replace or to check state tables.",
    schema: z.strictObject({
      rebuild_id: runId,
      kind: z.enum(["rebuild", "verify", "rollback"]),
      aggregate_types: z.array(slug).min(1).max(50),
      reason: reason.optional(),
    }),
    example: {
      rebuild_id: "123e4567-e89b-12d3-a456-426614174700",
      kind: "rebuild",
      aggregate_types: ["product", "order"],
      reason: "A new column",
    },
    postedBy: nobody,
  },
  "system.rebuild_confirmed": {
    description: "A person looked at the differences and let the rebuild switch.",
    schema: z.strictObject({ rebuild_id: runId }),
    example: { rebuild_id: "123e4567-e89b-12d3-a456-426614174700" },
    postedBy: nobody,
  },
  "system.rebuild_completed": {
    description: "The rebuilt state tables took the place of the old ones.",
    schema: z.strictObject({
      rebuild_id: runId,
      events: count,
      differing_rows: count,
      seconds,
    }),
    example: {
      rebuild_id: "123e4567-e89b-12d3-a456-426614174700",
      events: 120345,
      differing_rows: 0,
      seconds: 41.7,
    },
    postedBy: nobody,
  },
  "system.rebuild_failed": {
    description: "A rebuild was given up; the state tables are as they were.",
    schema: z.strictObject({ rebuild_id: runId, error: text(2000) }),
    example: {
      rebuild_id: "123e4567-e89b-12d3-a456-426614174700",
      error: "Event 5120 does not fit its schema",
    },
    postedBy: nobody,
  },
  "system.verification_completed": {
    description: "State tables were compared with a fresh fold of the log.",
    schema: z.strictObject({
      verification_id: runId,
      events: count,
      differing_rows: count,
      events_without_receipt: count,
      seconds,
    }),
    example: {
      verification_id: "123e4567-e89b-12d3-a456-426614174800",
      events: 120345,
      differing_rows: 0,
      events_without_receipt: 0,
      seconds: 38.2,
    },
    postedBy: nobody,
  },
});

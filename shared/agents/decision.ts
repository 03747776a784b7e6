import { z } from "@hono/zod-openapi";
import {
  checkedEvent,
  decisionTarget,
  expectedEffect,
  magnitude,
} from "../domain/agent_decision_events.ts";
import { slug } from "../domain/fields.ts";
import { uuid } from "../events/envelope.ts";

/** Where a decision stands. */
export const decisionStatus = z.enum([
  "proposed",
  "shadowed",
  "approved",
  "rejected",
  "vetoed",
  "expired",
  "superseded",
  "withdrawn",
  "returned",
  "executed",
  "failed",
  "measured",
  "compensated",
]);

/** What came of a decision. */
export const outcome = z.enum(["good", "neutral", "bad"]);

/** Where the review of an executed decision, drawn at level 4, stands: a person measured it or not. */
export const review = z.enum(["waiting", "done"]);

const time = z.string().openapi({ format: "date-time" });
const event = checkedEvent.openapi("CheckedEvent");

/** A decision: a row of `agent_decisions`. */
export const Decision = z.object({
  id: uuid,
  version: z.int().openapi({ description: "An approval names it" }),
  owner_id: uuid.nullable(),
  created_at: time,
  updated_at: time,
  agent: slug,
  decision_type: slug,
  status: decisionStatus,
  targets: z.array(decisionTarget),
  proposed_events: z.array(event).openapi({ description: "As they stand after any edit" }),
  compensation: z.array(event).nullable().openapi({
    description: "What would undo them; null after an edit without one of its own",
  }),
  evidence: z.array(uuid),
  confidence: z.number(),
  rationale: z.string(),
  expected_effect: expectedEffect.nullable(),
  magnitude: magnitude.nullable(),
  level: z.int(),
  policy_version: z.int(),
  approvals: z.int().openapi({ description: "How many people must say yes" }),
  approved_by: z.array(z.string()),
  expires_at: time,
  veto_until: time.nullable(),
  held: z.string().nullable().openapi({
    description:
      "Why it waits for people: a limit, agent_stopped, policy_changed or evidence_replaced",
  }),
  proposed_by: z.string(),
  edited_by: z.string().nullable(),
  decided_by: z.string().nullable(),
  decided_at: time.nullable(),
  reason_code: z.string().nullable(),
  decision_note: z.string().nullable(),
  review: review.nullable().openapi({ description: "null: not drawn for review" }),
  outcome: outcome.nullable(),
  measured_value: z.number().nullable(),
  compensated_by: z.string().nullable().openapi({ description: "Who took it back" }),
  compensation_reason: z.string().nullable(),
}).openapi("Decision");
export type Decision = z.output<typeof Decision>;

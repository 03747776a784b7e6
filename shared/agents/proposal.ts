import { z } from "@hono/zod-openapi";
import { expectedEffect, MOST_EVENTS, statedProposal } from "../domain/agent_decision_events.ts";
import { aggregateTypeName, eventTypeName, jsonObject, uuid } from "../events/envelope.ts";
import { slug } from "../domain/fields.ts";

/** An event that an agent would like posted. */
export const ProposedEvent = z.strictObject({
  event_type: eventTypeName,
  aggregate_type: aggregateTypeName,
  aggregate_id: uuid,
  data: jsonObject,
}).openapi("ProposedEvent");
export type ProposedEvent = z.output<typeof ProposedEvent>;

/** An aggregate that a decision writes to, at the version that the agent read; 0: none yet. */
export const DecisionTarget = z.strictObject({
  aggregate_type: aggregateTypeName,
  aggregate_id: uuid,
  version: z.int().min(0).openapi({ description: "As read; 0 when it did not exist" }),
  depends_on: z.array(eventTypeName).min(1).max(50).optional().openapi({
    description: "Only events of these types since then send the decision back; absent: any. " +
      "Among them are those that it would post, all that change the same, and all that decide " +
      "what else may come: a refusal names what is missing",
  }),
}).openapi("DecisionTarget");

const events = z.array(ProposedEvent).min(1).max(MOST_EVENTS);

/**
 * A decision as an agent proposes it. Every aggregate that a proposed event writes to is among the
 * targets: nothing is changed that was not read.
 */
export const Proposal = z.strictObject({
  agent: slug.optional().openapi({
    description: "Stated by the backend and by staff; an agent's key says who it is",
  }),
  decision_type: slug,
  targets: z.array(DecisionTarget).min(1).max(MOST_EVENTS),
  proposed_events: events,
  evidence: z.array(uuid).max(1000).default([])
    .openapi({ description: "Ids of the events it rests on" }),
  confidence: statedProposal.confidence,
  rationale: statedProposal.rationale.openapi({ pattern: "\\S" }),
  expected_effect: expectedEffect.optional(),
  expires_at: z.iso.datetime({ offset: true }).optional().openapi({
    description: "From then on the answer is no; the policy may end it earlier",
  }),
  compensation: events.optional().openapi({
    description: "Events that would undo it, for its targets: each number that limits measure " +
      "must end where it began",
  }),
  idempotency_key: z.string().min(1).max(255).optional(),
  correlation_id: z.string().min(1).max(255).optional(),
}).openapi("Proposal");
export type Proposal = z.output<typeof Proposal>;

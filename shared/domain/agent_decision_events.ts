import { z } from "zod";
import type { EventOf } from "./aggregate.ts";
import { eventTypes, type Poster } from "./event_type.ts";
import { id, instant, slug, text } from "./fields.ts";

// Only the functions that propose, answer and execute append these; a post of one would be a claim.
const nobody: readonly Poster[] = [];

/** A name in the catalog: `product.price_changed`. */
export const eventType = z.string().max(100)
  .regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, "Expected a.b");

/** An aggregate that a decision would write to, at the version the agent read; 0: none yet. */
export const decisionTarget = z.strictObject({
  aggregate_type: slug.max(50),
  aggregate_id: id,
  version: z.int().min(0),
  depends_on: z.array(eventType).min(1).max(50).optional()
    .describe("Only these types since the version send the decision back; absent: any event"),
});
export type DecisionTarget = z.output<typeof decisionTarget>;

/** An event that an agent would like posted. Its data is checked against its type. */
export const proposedEvent = z.strictObject({
  event_type: eventType,
  aggregate_type: slug.max(50),
  aggregate_id: id,
  data: z.looseObject({}),
});
export type ProposedEvent = z.output<typeof proposedEvent>;

/** A proposed event as the log keeps it: with the schema version its data was checked against. */
export const checkedEvent = proposedEvent.extend({ schema_version: z.int().min(1) });

/** What the agent expects of it: `amount` of `metric` within `horizon_days`. */
export const expectedEffect = z.strictObject({
  metric: slug,
  amount: z.number(),
  horizon_days: z.int().min(1).max(3650),
});

/** How much the events change; computed from the states they change, never stated by an agent. */
export const magnitude = z.strictObject({
  amount: z.number().min(0).describe("Largest way that a target goes, its steps together"),
  percent: z.number().min(0).nullable().describe("Of where it began; null: from nothing"),
});
export type Magnitude = z.output<typeof magnitude>;

/** Autonomy: 0 shadow, 1 propose, 2 veto window, 3 auto in limits, 4 auto with sampled review. */
export const autonomyLevel = z.int().min(0).max(4);

/** Why a decision was rejected, for the record: `too_risky`, `wrong_data`, `bad_timing`… */
export const reasonCode = slug;

const note = text(2000).optional();
const version = z.int().min(1).describe("The decision's version that was answered");

/** The largest number of events and of targets of one decision. */
export const MOST_EVENTS = 100;

/** What an agent says about a decision it would like taken. */
export const statedProposal = {
  agent: slug,
  decision_type: slug,
  targets: z.array(decisionTarget).min(1).max(MOST_EVENTS),
  evidence: z.array(id).max(1000).describe("Ids of the events it rests on"),
  confidence: z.number().min(0).max(1),
  rationale: text(10_000),
  expected_effect: expectedEffect.optional(),
};

const PRICE_CHANGE = {
  event_type: "product.price_changed",
  aggregate_type: "product",
  aggregate_id: "123e4567-e89b-12d3-a456-426614174000",
  data: { old_price: 5999, new_price: 5499, reason: "competitor_match" },
  schema_version: 1,
};
const HERE = { aggregate_type: "product", aggregate_id: PRICE_CHANGE.aggregate_id };

/** The facts about a decision that an agent would like taken. */
export const agentDecisionEvents = eventTypes({
  "agent.decision_proposed": {
    description: "An agent proposed events, with its evidence. Nothing happens until approval.",
    schema: z.strictObject({
      ...statedProposal,
      proposed_events: z.array(checkedEvent).min(1).max(MOST_EVENTS),
      compensation: z.array(checkedEvent).min(1).max(MOST_EVENTS).optional()
        .describe("Events that would undo it"),
      stated_expires_at: instant.optional().describe("What the agent asked for"),
      expires_at: instant.describe("From then on the answer is no"),
      magnitude: magnitude.nullable().describe("null: of some event it is not known"),
      level: autonomyLevel,
      policy_version: z.int().min(1).describe("Version of the agent_policy that let it propose"),
      approvals: z.int().min(1).describe("How many people must say yes"),
      veto_until: instant.optional().describe("Executed then, unless somebody objects"),
      held: slug.optional().describe("The limit for which it waits for people"),
    }),
    example: {
      agent: "category",
      decision_type: "price_change",
      targets: [{ ...HERE, version: 3 }],
      proposed_events: [PRICE_CHANGE],
      evidence: ["01932b7e-5d00-7000-8000-000000000001"],
      confidence: 0.82,
      rationale: "Two competitors sell the same pump at 5,499; margin stays above 25 %.",
      expected_effect: { metric: "units_sold", amount: 12, horizon_days: 14 },
      expires_at: "2025-11-03T18:00:00Z",
      magnitude: { amount: 500, percent: 8.334722 },
      level: 1,
      policy_version: 1,
      approvals: 1,
    },
    postedBy: nobody,
  },
  "agent.decision_edited": {
    description: "A person changed the proposed events before anybody approved them.",
    schema: z.strictObject({
      proposed_events: z.array(checkedEvent).min(1).max(MOST_EVENTS),
      compensation: z.array(checkedEvent).min(1).max(MOST_EVENTS).optional()
        .describe("Events that would undo these; absent: it cannot be taken back"),
      magnitude: magnitude.nullable(),
      note,
    }),
    example: {
      proposed_events: [{ ...PRICE_CHANGE, data: { ...PRICE_CHANGE.data, new_price: 5599 } }],
      magnitude: { amount: 400, percent: 6.667778 },
      note: "A smaller step first",
    },
    postedBy: nobody,
  },
  "agent.decision_endorsed": {
    description: "One of several people who must say yes did.",
    schema: z.strictObject({ version, approvals: z.int().min(1), required: z.int().min(2), note }),
    example: { version: 1, approvals: 1, required: 2, note: "Fine by purchasing" },
    postedBy: nobody,
  },
  "agent.decision_held": {
    description: "What the policy would have executed waits for people.",
    schema: z.strictObject({
      limit: slug.describe(
        "Broken; or agent_stopped, policy_changed or evidence_replaced, since it was proposed",
      ),
    }),
    example: { limit: "max_per_day" },
    postedBy: nobody,
  },
  "agent.decision_approved": {
    description: "People other than the proposer, or the policy, said yes in time.",
    schema: z.strictObject({
      version,
      by: z.enum(["person", "policy"]),
      approvals: z.int().min(0),
      level: autonomyLevel,
      policy_version: z.int().min(1),
      note,
    }),
    example: {
      version: 2,
      by: "person",
      approvals: 2,
      level: 1,
      policy_version: 1,
      note: "Checked against our own price watch",
    },
    postedBy: nobody,
  },
  "agent.decision_rejected": {
    description: "A person said no.",
    schema: z.strictObject({ reason_code: reasonCode, note }),
    example: { reason_code: "wrong_data", note: "The offer is for last year's model" },
    postedBy: nobody,
  },
  "agent.decision_vetoed": {
    description: "A person objected within the veto window.",
    schema: z.strictObject({ reason_code: reasonCode, note }),
    example: { reason_code: "bad_timing", note: "Not in the week of the fair" },
    postedBy: nobody,
  },
  "agent.decision_expired": {
    description: "Nobody answered in time, which means no.",
    schema: z.strictObject({ expires_at: instant }),
    example: { expires_at: "2025-11-03T18:00:00Z" },
    postedBy: nobody,
  },
  "agent.decision_superseded": {
    description: "The agent proposed anew for the same target; only the newer one counts.",
    schema: z.strictObject({ superseded_by: id }),
    example: { superseded_by: "123e4567-e89b-12d3-a456-426614174601" },
    postedBy: nobody,
  },
  "agent.decision_withdrawn": {
    description: "Who proposed it took it back.",
    schema: z.strictObject({ reason: text(500) }),
    example: { reason: "The competitor raised its price again" },
    postedBy: nobody,
  },
  "agent.decision_returned": {
    description: "A target had moved since the agent read it: the agent must look again.",
    schema: z.strictObject({
      targets: z.array(decisionTarget.extend({ current_version: z.int().min(0) })).min(1),
    }),
    example: { targets: [{ ...HERE, version: 3, current_version: 4 }] },
    postedBy: nobody,
  },
  "agent.decision_executed": {
    description: "The proposed events were posted.",
    schema: z.strictObject({
      event_ids: z.array(id).min(1).max(MOST_EVENTS),
      review: z.boolean().describe("Drawn for review by people afterwards"),
    }),
    example: { event_ids: ["01932b7e-5d00-7000-8000-000000000009"], review: false },
    postedBy: nobody,
  },
  "agent.decision_failed": {
    description: "It was approved, but its events could not be posted.",
    schema: z.strictObject({ error_code: text(100), error: text(2000) }),
    example: { error_code: "ES002", error: 'event type "price.changed" is retired' },
    postedBy: nobody,
  },
  "agent.decision_compensated": {
    description: "A person took it back: the events that undo it were posted.",
    schema: z.strictObject({
      reason: text(500),
      event_ids: z.array(id).min(1).max(MOST_EVENTS),
    }),
    example: {
      reason: "The competitor's offer was a mistake",
      event_ids: ["01932b7e-5d00-7000-8000-000000000010"],
    },
    postedBy: nobody,
  },
  "agent.decision_outcome_measured": {
    description: "What came of it. May be measured again; the latest counts.",
    schema: z.strictObject({
      outcome: z.enum(["good", "neutral", "bad"]),
      measured_value: z.number().optional().describe("Of the metric the agent named"),
      note,
    }),
    example: { outcome: "good", measured_value: 14, note: "Two weeks after the change" },
    postedBy: nobody,
  },
});

/** An event of a decision. */
export type AgentDecisionEvent = EventOf<typeof agentDecisionEvents>;

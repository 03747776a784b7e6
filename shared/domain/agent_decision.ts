import { z } from "zod";
import {
  type Aggregate,
  type AggregateState,
  type Body,
  DomainError,
  type EventOf,
  requireCreated,
  requireNew,
} from "./aggregate.ts";
import { eventTypes } from "./event_type.ts";
import { id, instant, reason, slug, text } from "./fields.ts";
import { toTimestamptz } from "./timestamp.ts";

/** An event that is appended when the decision is approved. Its data is checked then. */
const proposedEvent = z.strictObject({
  event_type: z.string().max(100).regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, "Expected a.b"),
  aggregate_type: slug.max(50),
  aggregate_id: id,
  data: z.looseObject({}),
});

/** An event that is appended when the decision is approved. */
export type ProposedEvent = z.output<typeof proposedEvent>;

/** The facts about a decision that an agent would like taken. */
export const agentDecisionEvents = eventTypes({
  "agent.decision_proposed": {
    description: "An agent proposed events, with its evidence. Nothing happens until approval.",
    schema: z.strictObject({
      agent: slug,
      decision_type: slug,
      proposed_events: z.array(proposedEvent).min(1).max(100),
      evidence: z.array(id).max(1000).describe("Ids of the events it rests on"),
      confidence: z.number().min(0).max(1),
      rationale: text(10_000),
      expires_at: instant.optional().describe("From then on the answer is no"),
    }),
    example: {
      agent: "category_agent",
      decision_type: "price_change",
      proposed_events: [{
        event_type: "product.price_changed",
        aggregate_type: "product",
        aggregate_id: "123e4567-e89b-12d3-a456-426614174000",
        data: { old_price: 5999, new_price: 5499, reason: "competitor_match" },
      }],
      evidence: ["01932b7e-5d00-7000-8000-000000000001"],
      confidence: 0.82,
      rationale: "Two competitors sell the same pump at 5,499; margin stays above 25 %.",
      expires_at: "2025-11-03T18:00:00Z",
    },
    postedBy: ["agent", "staff", "service"],
  },
  "agent.decision_approved": {
    description: "A person other than the proposer said yes, in time; the events follow.",
    schema: z.strictObject({ note: text(2000).optional() }),
    example: { note: "Checked against our own price watch" },
    postedBy: ["staff"],
  },
  "agent.decision_rejected": {
    description: "A person said no.",
    schema: z.strictObject({ reason }),
    example: { reason: "The competitor's offer is for last year's model" },
    postedBy: ["staff"],
  },
});

/** An event of a decision. */
export type AgentDecisionEvent = EventOf<typeof agentDecisionEvents>;

/** A row of `agent_decisions`. */
export interface AgentDecisionState extends AggregateState {
  readonly agent: string;
  readonly decision_type: string;
  readonly proposed_events: readonly ProposedEvent[];
  readonly evidence: readonly string[];
  /** From 0 to 1. */
  readonly confidence: number;
  readonly rationale: string;
  readonly expires_at: string | null;
  readonly status: "proposed" | "approved" | "rejected";
  /** Identities as in `created_by`. */
  readonly proposed_by: string;
  readonly decided_by: string | null;
  readonly decided_at: string | null;
  /** The note of the approval or the reason of the rejection. */
  readonly decision_note: string | null;
}

/** Decisions that agents propose and people take. */
export const agentDecision: Aggregate<AgentDecisionState, AgentDecisionEvent> = {
  type: "agent_decision",
  generation: 1,
  table: "agent_decisions",
  children: {},
  eventTypes: agentDecisionEvents,
  evolve(state, event) {
    switch (event.event_type) {
      case "agent.decision_proposed":
        return proposed(state, event);
      case "agent.decision_approved":
        return approved(requireCreated(state, event), event);
      case "agent.decision_rejected":
        return decided(requireCreated(state, event), event, "rejected", event.data.reason);
    }
  },
};

type Proposed = Extract<AgentDecisionEvent, { event_type: "agent.decision_proposed" }>;
type Approved = Extract<AgentDecisionEvent, { event_type: "agent.decision_approved" }>;

function proposed(state: AgentDecisionState | null, event: Proposed): Body<AgentDecisionState> {
  requireNew(state, event);
  const { expires_at, ...proposal } = event.data;
  return {
    ...proposal,
    expires_at: expires_at === undefined ? null : toTimestamptz(expires_at),
    status: "proposed",
    proposed_by: event.created_by,
    decided_by: null,
    decided_at: null,
    decision_note: null,
  };
}

function approved(state: AgentDecisionState, event: Approved): Body<AgentDecisionState> {
  if (event.created_by === state.proposed_by) {
    throw new DomainError("own_decision", `${event.created_by} cannot approve its own proposal`);
  }
  if (state.expires_at !== null && Date.parse(event.created_at) >= Date.parse(state.expires_at)) {
    throw new DomainError("decision_expired", `The proposal expired at ${state.expires_at}`);
  }
  return decided(state, event, "approved", event.data.note ?? null);
}

function decided(
  state: AgentDecisionState,
  event: AgentDecisionEvent,
  status: "approved" | "rejected",
  decision_note: string | null,
): Body<AgentDecisionState> {
  if (state.status !== "proposed") {
    throw new DomainError("impossible_transition", `The decision is ${state.status} already`);
  }
  const { created_by: decided_by, created_at: decided_at } = event;
  return { ...state, status, decided_by, decided_at, decision_note };
}

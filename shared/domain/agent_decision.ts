import type { z } from "zod";
import {
  type AgentDecisionEvent,
  agentDecisionEvents,
  type checkedEvent,
  type DecisionTarget,
  type expectedEffect,
  type Magnitude,
} from "./agent_decision_events.ts";
import { type DecisionStatus, nextStatus } from "./agent_decision_status.ts";
import {
  type Aggregate,
  type AggregateState,
  type Body,
  DomainError,
  requireCreated,
  requireNew,
} from "./aggregate.ts";
import { toTimestamptz } from "./timestamp.ts";

type CheckedEvent = z.output<typeof checkedEvent>;

/** A row of `agent_decisions`. */
export interface AgentDecisionState extends AggregateState {
  readonly agent: string;
  readonly decision_type: string;
  readonly status: DecisionStatus;
  readonly targets: readonly DecisionTarget[];
  /** As they stand after any edit. */
  readonly proposed_events: readonly CheckedEvent[];
  readonly compensation: readonly CheckedEvent[] | null;
  readonly evidence: readonly string[];
  /** From 0 to 1. */
  readonly confidence: number;
  readonly rationale: string;
  readonly expected_effect: z.output<typeof expectedEffect> | null;
  readonly magnitude: Magnitude | null;
  readonly level: number;
  readonly policy_version: number;
  /** How many people must say yes, and who has to the events as they stand. */
  readonly approvals: number;
  readonly approved_by: readonly string[];
  readonly expires_at: string;
  readonly veto_until: string | null;
  /** The limit, the stop or the change of policy for which it waits for people. */
  readonly held: string | null;
  /** Identities as in `created_by`. */
  readonly proposed_by: string;
  readonly edited_by: string | null;
  readonly decided_by: string | null;
  readonly decided_at: string | null;
  readonly reason_code: string | null;
  /** The note of the answer, the reason of the withdrawal or the error of the failure. */
  readonly decision_note: string | null;
  /** Whether it was drawn for review, and a person has measured it or taken it back since. */
  readonly review: "waiting" | "done" | null;
  readonly outcome: "good" | "neutral" | "bad" | null;
  readonly measured_value: number | null;
  /** Who took it back, and why. */
  readonly compensated_by: string | null;
  readonly compensation_reason: string | null;
}

/** Decisions that agents propose and people take. */
export const agentDecision: Aggregate<AgentDecisionState, AgentDecisionEvent> = {
  type: "agent_decision",
  generation: 5,
  table: "agent_decisions",
  children: {},
  eventTypes: agentDecisionEvents,
  evolve(state, event) {
    if (event.event_type === "agent.decision_proposed") return proposed(state, event);
    const before = requireCreated(state, event);
    return answered({ ...before, status: nextStatus(before.status, event.event_type) }, event);
  },
};

type Proposed = Extract<AgentDecisionEvent, { event_type: "agent.decision_proposed" }>;
type Answered = Exclude<AgentDecisionEvent, Proposed>;

function proposed(state: AgentDecisionState | null, event: Proposed): Body<AgentDecisionState> {
  requireNew(state, event);
  const { stated_expires_at: _, expires_at, veto_until, ...proposal } = event.data;
  return {
    ...proposal,
    status: proposal.level === 0 ? "shadowed" : "proposed",
    compensation: proposal.compensation ?? null,
    expected_effect: proposal.expected_effect ?? null,
    held: proposal.held ?? null,
    expires_at: toTimestamptz(expires_at),
    veto_until: veto_until === undefined ? null : toTimestamptz(veto_until),
    approved_by: [],
    proposed_by: event.created_by,
    edited_by: null,
    decided_by: null,
    decided_at: null,
    reason_code: null,
    decision_note: null,
    review: null,
    outcome: null,
    measured_value: null,
    compensated_by: null,
    compensation_reason: null,
  };
}

/** `state` has the status after `event` already. */
function answered(state: AgentDecisionState, event: Answered): Body<AgentDecisionState> {
  switch (event.event_type) {
    case "agent.decision_edited": {
      const { proposed_events, compensation = null, magnitude } = event.data;
      // Who said yes said it to other events, which another compensation would undo.
      return {
        ...state,
        proposed_events,
        compensation,
        magnitude,
        approved_by: [],
        edited_by: event.created_by,
        veto_until: null,
      };
    }
    case "agent.decision_held":
      return { ...state, held: event.data.limit, veto_until: null };
    case "agent.decision_endorsed":
      return { ...state, approved_by: approvers(state, event) };
    case "agent.decision_approved":
      return {
        ...decided(state, event, event.data.note),
        approved_by: event.data.by === "person" ? approvers(state, event) : state.approved_by,
      };
    case "agent.decision_rejected":
    case "agent.decision_vetoed":
      return {
        ...decided(state, event, event.data.note),
        reason_code: event.data.reason_code,
      };
    case "agent.decision_withdrawn":
      return decided(state, event, event.data.reason);
    case "agent.decision_expired":
    case "agent.decision_superseded":
    case "agent.decision_returned":
      return decided(state, event, undefined);
    case "agent.decision_executed":
      return { ...state, review: event.data.review ? "waiting" : null };
    case "agent.decision_failed":
      return { ...state, decision_note: event.data.error };
    case "agent.decision_outcome_measured":
      return {
        ...state,
        outcome: event.data.outcome,
        measured_value: event.data.measured_value ?? null,
        review: event.created_by.startsWith("user:") ? reviewed(state) : state.review,
      };
    case "agent.decision_compensated":
      return compensated(state, event.created_by, event.data.reason);
  }
}

function compensated(state: AgentDecisionState, by: string, reason: string): AgentDecisionState {
  // Measured in shadow, where nobody decided and nothing was done.
  if (state.decided_by === null) {
    throw new DomainError("impossible_transition", "The decision was not executed");
  }
  return { ...state, compensated_by: by, compensation_reason: reason, review: reviewed(state) };
}

function reviewed({ review }: AgentDecisionState): AgentDecisionState["review"] {
  return review && "done";
}

function approvers(state: AgentDecisionState, event: Answered): readonly string[] {
  if (event.created_by === state.proposed_by) {
    throw new DomainError("own_decision", `${event.created_by} cannot approve its own proposal`);
  }
  if (state.approved_by.includes(event.created_by)) {
    throw new DomainError("impossible_transition", `${event.created_by} has approved it already`);
  }
  if (Date.parse(event.created_at) >= Date.parse(state.expires_at)) {
    throw new DomainError("decision_expired", `The proposal expired at ${state.expires_at}`);
  }
  return [...state.approved_by, event.created_by];
}

function decided(
  state: AgentDecisionState,
  event: Answered,
  note: string | undefined,
): AgentDecisionState {
  const { created_by: decided_by, created_at: decided_at } = event;
  return { ...state, decided_by, decided_at, decision_note: note ?? null };
}

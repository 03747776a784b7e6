import type { AgentDecisionEvent } from "./agent_decision_events.ts";
import { DomainError } from "./domain_error.ts";

/** Where a decision stands. All but `proposed`, `approved` and `executed` are ends. */
export type DecisionStatus =
  | "proposed"
  | "shadowed"
  | "approved"
  | "rejected"
  | "vetoed"
  | "expired"
  | "superseded"
  | "withdrawn"
  | "returned"
  | "executed"
  | "failed"
  | "measured"
  | "compensated";

type Answer = Exclude<AgentDecisionEvent["event_type"], "agent.decision_proposed">;

/**
 * What each event makes of a decision, by the status it may come upon. The database holds the same
 * table in `private.decision_transitions`; a test compares the two pair by pair.
 */
export const decisionTransitions: Readonly<
  Record<Answer, Readonly<Partial<Record<DecisionStatus, DecisionStatus>>>>
> = {
  "agent.decision_edited": { proposed: "proposed" },
  "agent.decision_endorsed": { proposed: "proposed" },
  "agent.decision_held": { proposed: "proposed" },
  "agent.decision_approved": { proposed: "approved" },
  "agent.decision_rejected": { proposed: "rejected" },
  "agent.decision_vetoed": { proposed: "vetoed" },
  "agent.decision_expired": { proposed: "expired" },
  "agent.decision_superseded": { proposed: "superseded" },
  "agent.decision_withdrawn": { proposed: "withdrawn" },
  "agent.decision_returned": { proposed: "returned" },
  "agent.decision_executed": { approved: "executed" },
  "agent.decision_failed": { approved: "failed" },
  "agent.decision_compensated": { executed: "compensated", measured: "compensated" },
  "agent.decision_outcome_measured": {
    shadowed: "measured",
    executed: "measured",
    measured: "measured",
  },
};

/** The status after `event`. Throws `DomainError` `impossible_transition` where there is none. */
export function nextStatus(status: DecisionStatus, event: Answer): DecisionStatus {
  const next = decisionTransitions[event][status];
  if (next) return next;
  throw new DomainError("impossible_transition", `${event}: the decision is ${status} already`);
}

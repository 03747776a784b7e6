import { callSql } from "../database/call_sql.ts";
import type { DatabaseClient } from "../database/client.ts";
import type { DecisionStatus } from "../domain/agent_decision_status.ts";
import { ApplicationError, type ErrorCode } from "../errors.ts";
import { correlate } from "../events/correlation.ts";
import type { StoredEvent } from "../events/envelope.ts";
import { checkSize } from "../events/event_size.ts";
import { actorOf } from "../events/identity.ts";
import type { DecisionTarget } from "../domain/agent_decision_events.ts";
import type { Principal } from "../http/principal.ts";
import { examineCompensation } from "./compensation.ts";
import { requireDependencies } from "./dependencies.ts";
import { type CheckedEvent, type Examined, examineEvents, keyOf } from "./examine.ts";
import type { Proposal, ProposedEvent } from "./proposal.ts";

/** A proposal as it was stored, and what became of it at once. */
export interface Proposed {
  /** `agent.decision_proposed`; its aggregate is the decision. */
  event: StoredEvent;
  decision_id: string;
  /** `proposed` waits; at level 0 `shadowed`, at 3 and 4 `executed` where the limits allow it. */
  status: DecisionStatus;
  /** Ids of open decisions whose place it took. */
  superseded: string[];
  /** The same proposal had been stored under its idempotency key; nothing was stored now. */
  replayed: boolean;
}

/** What {@link proposeDecision} refuses, for the document of a route that proposes. */
export const proposalProblems: readonly ErrorCode[] = [
  "agent_not_allowed",
  "agent_stopped",
  "decision_expired",
  "target_moved",
  "invalid_append",
  "invalid_proposal",
  "event_type_forbidden",
  "idempotency_conflict",
  "stale_schema_version",
  "event_too_large",
  "unknown_event_type",
  "inactive_event_type",
  "aggregate_type_mismatch",
  "invalid_event_data",
  "unknown_causation",
  "aggregate_not_found",
];

/**
 * Stores a proposal, or executes it where the agent's policy says so. The proposed events are
 * checked against the catalog and the domain before anything is stored. `database` is the admin
 * client; an agent proposes for itself, staff and the backend for the agent they state.
 *
 * @throws ApplicationError any of {@link proposalProblems}, `forbidden`
 */
export async function proposeDecision(
  database: DatabaseClient,
  principal: Principal,
  proposal: Proposal,
): Promise<Proposed> {
  const p_actor = actorOf(principal);
  const agent = agentOf(principal, proposal.agent);
  requireTargets(proposal);
  const { idempotency_key, correlation_id, expires_at, proposed_events, compensation, ...stated } =
    proposal;
  const examined = await examineEvents(
    database,
    proposed_events,
    proposal.targets,
    "/proposed_events",
  );
  const whole = {
    ...stated,
    agent,
    proposed_events: examined.events,
    ...compensation && {
      compensation: await undoing(database, compensation, proposal.targets, examined),
    },
    ...expires_at !== undefined && { stated_expires_at: inRange(expires_at) },
  };
  checkSize(whole, undefined, "");
  const correlation = correlation_id === undefined ? undefined : await correlate(correlation_id);
  return await callSql(database, "propose_decision", {
    p_proposal: {
      stated: whole,
      magnitude: examined.magnitude,
      idempotency_key,
      correlation_id: correlation?.id,
      correlation_key: correlation?.key,
    },
    p_actor,
  });
}

/**
 * What would take a decision back, checked: it follows upon the decision, and ends where that began.
 *
 * @throws ApplicationError `invalid_proposal`, and as `examineEvents` does
 */
export async function undoing(
  database: DatabaseClient,
  compensation: readonly ProposedEvent[],
  targets: readonly DecisionTarget[],
  examined: Examined,
): Promise<CheckedEvent[]> {
  requireDependencies(compensation, targets);
  const { events, errors } = await examineCompensation(database, compensation, examined);
  if (errors.length === 0) return events;
  const detail = "What takes a decision back must end where the decision began.";
  throw new ApplicationError("invalid_proposal", detail, { errors });
}

/** An instant as every event can hold it; the policy ends a proposal long before the latest. */
function inRange(instant: string): string {
  const at = Math.max(0, Math.min(Date.parse(instant), Date.UTC(2999, 0)));
  return new Date(at).toISOString();
}

function agentOf(principal: Principal, stated: string | undefined): string {
  const own = principal.kind === "agent" ? principal.name : undefined;
  if (own !== undefined && stated !== undefined && own !== stated) {
    throw new ApplicationError("forbidden", `This key is agent ${own}'s, not ${stated}'s.`);
  }
  const agent = own ?? stated;
  if (agent !== undefined) return agent;
  throw new ApplicationError("invalid_proposal", "Whose proposal it is must be stated.", {
    errors: [{ pointer: "/agent", message: "Required of staff and of the backend" }],
  });
}

function requireTargets({ targets, proposed_events, compensation = [] }: Proposal): void {
  const keys = targets.map(keyOf);
  const errors = [
    ...keys.flatMap((key, index) =>
      keys.indexOf(key) === index
        ? []
        : [{ pointer: `/targets/${index}`, message: "is there already" }]
    ),
    ...strays("/proposed_events", proposed_events, keys),
    ...strays("/compensation", compensation, keys),
  ];
  if (errors.length === 0) return;
  throw new ApplicationError("invalid_proposal", "Targets and events do not match.", { errors });
}

function strays(place: string, events: Proposal["proposed_events"], keys: string[]) {
  return events.flatMap((event, index) =>
    keys.includes(keyOf(event)) ? [] : [{
      pointer: `${place}/${index}/aggregate_id`,
      message: "Expected one of the targets, with the version that was read",
    }]
  );
}

import { callSql } from "../database/call_sql.ts";
import type { DatabaseClient } from "../database/client.ts";
import type { DecisionStatus } from "../domain/agent_decision_status.ts";
import type { DecisionTarget } from "../domain/agent_decision_events.ts";
import { ApplicationError } from "../errors.ts";
import type { StoredEvent } from "../events/envelope.ts";
import { checkSize } from "../events/event_size.ts";
import type { Principal } from "../http/principal.ts";
import { getDecision, type StandingDecision } from "./decisions.ts";
import { examineCompensation } from "./compensation.ts";
import { examineEvents, foretold, keyOf, statesAsRead } from "./examine.ts";
import type { ProposedEvent } from "./proposal.ts";
import { undoing } from "./propose.ts";

/** What a person's yes or no led to. */
export interface Answered {
  status: DecisionStatus;
  /** The event of the answer. */
  answer: StoredEvent;
}

/** What a person's approval led to. */
export interface Approved extends Answered {
  /** The events that were posted; none while more people must say yes, or when it failed. */
  events: StoredEvent[];
  /** How many have said yes, and how many must. */
  approvals: number;
  required: number;
}

interface Returned {
  status: "returned";
  targets: (DecisionTarget & { current_version: number })[];
}

type Outcome<Said> = Said | { status: "expired" } | Returned;

/**
 * Approves a decision as it stands at `version`, as the signed-in person of `caller`. The database
 * decides: with any key the call is refused.
 *
 * @throws ApplicationError `target_moved` (the decision went back to its agent), `decision_expired`,
 * `decision_settled`, `own_decision`, `approved_already`, `version_conflict`, `agent_stopped`…
 */
export async function approveDecision(
  caller: DatabaseClient,
  id: string,
  version: number,
  note: string | undefined,
): Promise<Approved> {
  const outcome = await callSql<Outcome<Approved>>(caller, "approve_decision", {
    p_decision_id: id,
    p_version: version,
    p_note: note,
  });
  return settled(outcome);
}

/** Rejects a decision, or vetoes it within its veto window, as the signed-in person. */
export async function rejectDecision(
  caller: DatabaseClient,
  id: string,
  reasonCode: string,
  note: string | undefined,
): Promise<Answered> {
  const outcome = await callSql<Outcome<Answered>>(caller, "reject_decision", {
    p_decision_id: id,
    p_reason_code: reasonCode,
    p_note: note,
  });
  return settled(outcome);
}

/** What taking a decision back led to. */
export interface Compensated extends Answered {
  /** The events that were posted to undo it. */
  events: StoredEvent[];
}

/**
 * Takes an executed decision back, once, as the signed-in person of `caller`: posts the compensation
 * that its proposal or edit named, when it still ends where the decision began and says nothing
 * that is not so. `database` is the admin client.
 *
 * @throws ApplicationError `not_compensable`, `target_moved` since the execution,
 * `decision_settled` when it was taken back already, `invalid_event_data`…
 */
export async function compensateDecision(
  caller: DatabaseClient,
  database: DatabaseClient,
  reader: Principal,
  id: string,
  reason: string,
): Promise<Compensated> {
  const decision = await getDecision(database, reader, id);
  const obstacle = isDone(decision) ? await obstacleTo(database, decision) : null;
  // Taken back by somebody else meanwhile, it was held against what that left behind.
  if (obstacle && isDone(await getDecision(database, reader, id))) throw obstacle;
  // Whether it can be taken back at all, the database says.
  return await callSql(caller, "compensate_decision", { p_decision_id: id, p_reason: reason });
}

/** Its events were posted and not taken back. In shadow nobody decided. */
function isDone({ status, decided_by }: StandingDecision): boolean {
  return decided_by !== null && (status === "executed" || status === "measured");
}

/** What a compensation fails by, held against what the decision left, and against what stands now. */
async function obstacleTo(
  database: DatabaseClient,
  decision: StandingDecision,
): Promise<ApplicationError | null> {
  const { proposed_events: events, compensation, targets, standing } = decision;
  if (compensation === null) return null;
  const { before, after } = foretold(await statesAsRead(database, targets), events);
  const left = await examineCompensation(database, compensation, { events, before, after });
  if (left.errors.length > 0) {
    const detail = "Its compensation would not end where the decision began.";
    return new ApplicationError("not_compensable", detail, { errors: left.errors });
  }
  const current = standing.targets.map((one) => ({ ...one, version: one.current_version }));
  const now = await statesAsRead(database, current);
  const done = { events, before, after: now };
  if ((await examineCompensation(database, compensation, done)).errors.length === 0) return null;
  const moved = standing.targets.map(({ aggregate_type, aggregate_id, current_version }) => {
    const version = after.get(keyOf({ aggregate_type, aggregate_id }))?.version ?? 0;
    return { aggregate_type, aggregate_id, version, current_version };
  });
  return new ApplicationError(
    "target_moved",
    "A target has moved since the decision was executed.",
    {
      members: {
        targets: moved.filter(({ version, current_version }) => version < current_version),
      },
    },
  );
}

/** What a person would have posted instead of what was proposed. */
export interface Edit {
  proposed_events: readonly ProposedEvent[];
  /** What would undo these; without it the decision cannot be taken back. */
  compensation: readonly ProposedEvent[] | undefined;
  note: string | undefined;
}

/**
 * Changes the events of an open decision on behalf of a member of staff, after every check that a
 * proposal gets. Who may not approve it may not edit it. Returns the version that is to be approved.
 *
 * @throws ApplicationError as {@link approveDecision} and `proposeDecision` do
 */
export async function editDecision(
  database: DatabaseClient,
  editor: Principal & { kind: "user" },
  id: string,
  version: number,
  { proposed_events, compensation, note }: Edit,
): Promise<number> {
  const { targets } = await getDecision(database, editor, id);
  const examined = await examineEvents(database, proposed_events, targets, "/proposed_events");
  const edit = {
    proposed_events: examined.events,
    ...compensation && {
      compensation: await undoing(database, compensation, targets, examined),
    },
    magnitude: examined.magnitude,
    note,
  };
  checkSize(edit, undefined, "");
  const edited = await callSql<Outcome<Answered>>(database, "edit_decision", {
    p_decision_id: id,
    p_version: version,
    p_edit: edit,
    p_user_id: editor.userId,
  });
  return settled(edited).answer.aggregate_version;
}

function settled<Said extends Answered>(outcome: Outcome<Said>): Said {
  if ("answer" in outcome) return outcome;
  if (outcome.status === "expired") {
    throw new ApplicationError("decision_expired", "Nobody answered in time, which meant no.");
  }
  // `answer` is in every other outcome.
  const { targets } = outcome as Returned;
  throw new ApplicationError("target_moved", "It went back to its agent, to look again.", {
    members: { targets },
  });
}

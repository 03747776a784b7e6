import { z } from "@hono/zod-openapi";
import { callSql } from "../database/call_sql.ts";
import type { DatabaseClient } from "../database/client.ts";
import { dataOf } from "../database/sqlstate.ts";
import { decisionTarget } from "../domain/agent_decision_events.ts";
import { slug } from "../domain/fields.ts";
import { ApplicationError } from "../errors.ts";
import { foldHistory } from "../events/aggregate_history.ts";
import { limit } from "../events/cursor.ts";
import { type StoredEvent, uuid } from "../events/envelope.ts";
import { actorOf } from "../events/identity.ts";
import type { Principal } from "../http/principal.ts";
import { Decision, decisionStatus, review } from "./decision.ts";
import { Policy } from "./policy.ts";

/** The query of a list of decisions, newest first. */
export const DecisionFilters = z.strictObject({
  status: decisionStatus.optional(),
  agent: slug.optional(),
  decision_type: slug.optional(),
  review: review.optional().openapi({
    description: "Of those that level 4 executed and drew for review: whether a person has " +
      "measured the outcome, or taken it back",
  }),
  limit,
  cursor: uuid.optional().openapi({ description: "The last decision seen" }),
});
export type DecisionFilters = z.output<typeof DecisionFilters>;

/** A decision, and whether it could still be taken as it was proposed. */
export const StandingDecision = Decision.extend({
  standing: z.object({
    targets: z.array(decisionTarget.extend({
      current_version: z.int(),
      moved: z.boolean().openapi({ description: "By an event that the decision depends on" }),
    })),
    approvals: z.int().openapi({ description: "Given so far, by people who still are staff" }),
    policy: Policy.nullable().openapi({ description: "Why it is allowed; null: it is not" }),
    stopped: z.boolean(),
    evidence_replaced: z.boolean().openapi({
      description: "It rests on settings that were replaced: nobody but people executes it",
    }),
  }),
}).openapi("StandingDecision");
export type StandingDecision = z.output<typeof StandingDecision>;

/**
 * Decisions, newest first, as far as the Database Manager has come: staff and the backend see all,
 * an agent its own. `database` is the admin client; nobody else may ask.
 */
export async function listDecisions(
  database: DatabaseClient,
  principal: Principal,
  filters: DecisionFilters,
): Promise<{ decisions: Decision[]; next: string | null }> {
  let query = database.from("agent_decisions").select();
  if (principal.kind === "agent") query = query.eq("agent", principal.name);
  for (const column of ["status", "agent", "decision_type", "review"] as const) {
    const value = filters[column];
    if (value !== undefined) query = query.eq(column, value);
  }
  if (filters.cursor !== undefined) query = query.lt("id", filters.cursor);
  const decisions: Decision[] = dataOf(
    await query.order("id", { ascending: false }).limit(filters.limit),
  );
  const last = decisions.at(-1);
  return { decisions, next: last && decisions.length === filters.limit ? last.id : null };
}

/**
 * One decision as its events say, to the latest, and how its targets and its policy stand now.
 *
 * @throws ApplicationError `decision_not_found` (404), also to an agent about another's
 */
export async function getDecision(
  database: DatabaseClient,
  principal: Principal,
  id: string,
): Promise<StandingDecision> {
  const [{ state }, standing] = await Promise.all([
    foldHistory(database, { type: "agent_decision", id }, "now"),
    callSql<StandingDecision["standing"] | null>(database, "decision_standing", {
      p_decision_id: id,
    }),
  ]);
  // The domain folds agent_decision to exactly what its table holds.
  const decision = state as Decision | null;
  const hidden = principal.kind === "agent" && decision?.agent !== principal.name;
  if (!decision || !standing || hidden) {
    throw new ApplicationError("decision_not_found", `There is no decision ${id} to see.`);
  }
  return { ...decision, standing };
}

/**
 * Takes a decision back: who proposed it, or the backend.
 *
 * @throws ApplicationError `decision_not_found`, `decision_settled`, `forbidden`
 */
export async function withdrawDecision(
  database: DatabaseClient,
  principal: Principal,
  id: string,
  reason: string,
): Promise<StoredEvent> {
  return await callSql(database, "withdraw_decision", {
    p_decision_id: id,
    p_reason: reason,
    p_actor: actorOf(principal),
  });
}

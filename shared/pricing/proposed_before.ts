import { getDecision } from "../agents/decisions.ts";
import { callSql } from "../database/call_sql.ts";
import type { DatabaseClient } from "../database/client.ts";
import { dataOf } from "../database/sqlstate.ts";
import type { DecisionTarget, ProposedEvent } from "../domain/agent_decision_events.ts";
import type { DecisionStatus } from "../domain/agent_decision_status.ts";
import type { Principal } from "../http/principal.ts";
import { AGENT, DECISION_TYPE } from "./price_proposal.ts";

/** Who proposes prices. */
export const agent: Principal & { kind: "agent" } = {
  kind: "agent",
  name: AGENT,
  createdBy: `agent:${AGENT}`,
};

/** Nobody judged the proposal: the same may be proposed anew. All others are an answer. */
const UNJUDGED: ReadonlySet<DecisionStatus> = new Set([
  "expired",
  "superseded",
  "returned",
  "withdrawn",
]);

/**
 * The key under which a proposal may be made now, null when it was made before and stands or was
 * answered. What expired unanswered is proposed anew, under a key that names it, so that any number
 * of runs at once propose it once.
 */
export async function freeKey(database: DatabaseClient, key: string): Promise<string | null> {
  for (let next = key;;) {
    const id = await decisionOf(database, next);
    if (id === null) return next;
    const { status } = await getDecision(database, agent, id);
    if (!UNJUDGED.has(status)) return null;
    next = `${key}:after:${id}`;
  }
}

async function decisionOf(database: DatabaseClient, key: string): Promise<string | null> {
  const found = dataOf(
    await database.from("events").select("aggregate_id").eq("created_by", agent.createdBy)
      .eq("idempotency_key", key),
  );
  return found[0]?.aggregate_id ?? null;
}

/** A price that waits for an answer. */
export interface OpenPrice {
  readonly decision_id: string;
  readonly price: unknown;
  /** Of the product when it was proposed. */
  readonly version: number;
}

interface OpenDecision {
  decision_id: string;
  targets: DecisionTarget[];
  proposed_events: ProposedEvent[];
}

/** What the agent has waiting, by product, as the log has it. */
export async function openPrices(database: DatabaseClient): Promise<Map<string, OpenPrice>> {
  const open = await callSql<OpenDecision[]>(database, "open_decisions", {
    p_agent: AGENT,
    p_decision_type: DECISION_TYPE,
  });
  return new Map(
    open.flatMap(({ decision_id, targets: [target], proposed_events: [event] }) =>
      target
        ? [[target.aggregate_id, {
          decision_id,
          price: event?.data.new_price,
          version: target.version,
        }]]
        : []
    ),
  );
}

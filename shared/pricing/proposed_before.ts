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

const PROPOSED = "agent.decision_proposed";

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
    const before = await eventWith(database, next);
    if (!before) return next;
    // Under this key the agent may have posted anything: only a proposal has an answer.
    if (before.event_type !== PROPOSED) next = `${key}:after:${before.id}`;
    else if (await isAnswered(database, before.aggregate_id)) return null;
    else next = `${key}:after:${before.aggregate_id}`;
  }
}

async function isAnswered(database: DatabaseClient, id: string): Promise<boolean> {
  const { status, standing } = await getDecision(database, agent, id);
  // In shadow nobody could answer; above it somebody can.
  if (status === "shadowed") return (standing.policy?.level ?? 0) === 0;
  return !UNJUDGED.has(status);
}

async function eventWith(
  database: DatabaseClient,
  key: string,
): Promise<{ id: string; event_type: string; aggregate_id: string } | undefined> {
  const [found] = dataOf(
    await database.from("events").select("id, event_type, aggregate_id")
      .eq("created_by", agent.createdBy).eq("idempotency_key", key),
  );
  return found;
}

/** A price that waits for an answer. */
export interface OpenPrice {
  readonly decision_id: string;
  /** A person proposed it, or edited it. */
  readonly by_people: boolean;
  readonly price: unknown;
  /** Of the product when it was proposed. */
  readonly version: number;
  /** It rests on rules that were replaced: silence executes it no more. */
  readonly outdated: boolean;
}

interface OpenDecision {
  decision_id: string;
  by_people: boolean;
  outdated: boolean;
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
    open.flatMap(({ decision_id, by_people, outdated, targets, proposed_events }) =>
      targets.map(({ aggregate_id, version }) => {
        const event = proposed_events.find((one) => one.aggregate_id === aggregate_id);
        const price = event?.data.new_price;
        return [aggregate_id, { decision_id, by_people, price, version, outdated }];
      })
    ),
  );
}

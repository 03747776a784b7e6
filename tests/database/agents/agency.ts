/** Policies and proposals made straight in the database, many at once. */
import type { ISql } from "postgres";
import { eventually } from "../../support/eventually.ts";
import { openSql, sqlAs } from "../../support/stack.ts";
import { STAFF } from "../people.ts";

const service = { kind: "service" };

/** A type of decision that no other test uses. */
export function newType(): string {
  return `load_${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
}

/** A type of decision of its own, with a policy that staff have set. */
export async function policy(
  terms: Record<string, unknown> = {},
  agent = "category",
): Promise<string> {
  const type = newType();
  const whole = {
    level: 1,
    event_types: ["market.sales_recorded"],
    limits: {},
    approvals: 1,
    time_to_live_seconds: 3600,
    veto_seconds: 1,
    review_share: 0,
    ...terms,
  };
  await sqlAs("authenticated", { sub: STAFF }, async (sql) => {
    await sql`select public.set_agent_policy(${agent}, ${type}, ${sql.json(whole)})`;
  });
  return type;
}

/** Stores `count` proposals for products of their own; returns the ids of the products. */
export async function propose(
  sql: ISql,
  type: string,
  count: number,
  each: Record<string, unknown> = {},
) {
  const products = Array.from({ length: count }, () => crypto.randomUUID());
  for (const product of products) await proposeFor(sql, type, product, each);
  return products;
}

/** Stores a proposal that records sales of a market; returns the decision's id. */
export async function proposeFor(
  sql: ISql,
  type: string,
  product: string,
  each: Record<string, unknown> = {},
): Promise<string> {
  const event = {
    event_type: "market.sales_recorded",
    aggregate_type: "market",
    aggregate_id: product,
    data: { from: "2025-10-06", days: 7, quantity: 14, unit_price: 5999 },
    schema_version: 1,
  };
  const stated = {
    agent: "category",
    decision_type: type,
    targets: [{ aggregate_type: "market", aggregate_id: product, version: 0 }],
    proposed_events: [event],
    evidence: [],
    confidence: 0.9,
    rationale: "Load",
    ...each,
  };
  const [row] = await sql`
    select public.propose_decision(${sql.json({ stated, magnitude: null })}, ${
    sql.json(service)
  }) ->> 'decision_id' as id`;
  return row?.id;
}

/** The SQLSTATE with which an act is refused, or `done`. */
export async function codeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act;
    return "done";
  } catch (error) {
    return (error as { code: string }).code; // an error of PostgreSQL
  }
}

/** Waits until some session waits for an advisory lock of a class, or for one of its keys. */
export async function somebodyWaits(classid: number, objid?: number): Promise<void> {
  await using sql = openSql();
  await eventually(async () => {
    const waiting = await sql`
      select from pg_locks where locktype = 'advisory' and not granted and classid = ${classid}
        and (${objid ?? null}::int is null or objid = ${objid ?? null}::int)`;
    return waiting.length > 0;
  }, 30);
}

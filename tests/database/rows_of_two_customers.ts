/** State rows that belong to Anna, to Ben and to nobody, in every table. */
import type { JSONValue, TransactionSql } from "postgres";
import { ANNA, BEN } from "./people.ts";
import { id } from "./posting.ts";

export const owners = { anna: ANNA, ben: BEN, nobody: null } as const;
export type Owner = keyof typeof owners;

/** The id of the row (of its parent, in a child table) that belongs to `owner`. */
export function rowOf(owner: Owner): string {
  return id("row", Object.keys(owners).indexOf(owner));
}

const head = (owner: Owner) => ({
  id: rowOf(owner),
  version: 1,
  owner_id: owners[owner],
  created_at: "2025-10-27T10:00:00+00:00",
  updated_at: "2025-10-27T10:00:00+00:00",
});

interface StateTable {
  name: string;
  /** The column that holds `rowOf(owner)`. */
  column: string;
  row: (owner: Owner) => Record<string, JSONValue>;
}

/** Parents before their children. */
export const stateTables: readonly StateTable[] = [
  {
    name: "products",
    column: "id",
    row: (owner) => ({
      ...head(owner),
      sku: `RIGHTS-${owner}`,
      name: "Pump",
      base_price: 1,
      stock_quantity: 0,
      status: "active",
    }),
  },
  {
    name: "product_costs",
    column: "product_id",
    row: (owner) => ({ product_id: rowOf(owner), cost: 1 }),
  },
  {
    name: "orders",
    column: "id",
    row: (owner) => ({
      ...head(owner),
      customer_id: ANNA,
      status: "draft",
      payment_status: "unpaid",
      total: 0,
      amount_paid: 0,
      amount_refunded: 0,
    }),
  },
  {
    name: "order_items",
    column: "order_id",
    row: (owner) => ({
      order_id: rowOf(owner),
      owner_id: owners[owner],
      line: 1,
      product_id: rowOf(owner),
      sku: "P",
      name: "Pump",
      quantity: 1,
      unit_price: 1,
      line_total: 1,
    }),
  },
  {
    name: "payments",
    column: "id",
    row: (owner) => ({
      ...head(owner),
      order_id: rowOf(owner),
      amount: 1,
      amount_refunded: 0,
      method: "upi",
      status: "received",
    }),
  },
  {
    name: "customers",
    column: "id",
    row: (owner) => ({ ...head(owner), email: "a@example.com", name: "A", status: "active" }),
  },
  {
    name: "dealers",
    column: "id",
    row: (owner) => ({
      ...head(owner),
      company_name: "A",
      contact_name: "A",
      email: "a@example.com",
      status: "applied",
      discount_percent: 0,
      credit_limit: 0,
    }),
  },
  {
    name: "dealer_prices",
    column: "dealer_id",
    row: (owner) => ({
      dealer_id: rowOf(owner),
      product_id: rowOf(owner),
      owner_id: owners[owner],
      sku: "P",
      price: 1,
    }),
  },
  {
    name: "agent_decisions",
    column: "id",
    row: (owner) => ({
      ...head(owner),
      agent: "category",
      decision_type: "price_change",
      proposed_events: [],
      evidence: [],
      confidence: 0.5,
      rationale: "The competitor is cheaper",
      status: "proposed",
      targets: [],
      level: 1,
      policy_version: 1,
      approvals: 1,
      approved_by: [],
      expires_at: "2999-01-01T00:00:00Z",
      proposed_by: "agent:category",
    }),
  },
  {
    name: "state_changes",
    column: "event_id",
    row: (owner) => ({
      event_number: 1,
      event_id: rowOf(owner),
      table_name: "customers",
      row_id: rowOf(owner),
      operation: "insert",
      created_at: "2025-10-27T10:00:00+00:00",
    }),
  },
];

/** Writes one row per owner into every state table. */
export async function writeRows(sql: TransactionSql): Promise<void> {
  for (const { name, row } of stateTables) {
    for (const owner of Object.keys(owners) as Owner[]) { // the keys of a constant
      const values = row(owner);
      const columns = Object.keys(values).join(", ");
      await sql`
        insert into public.${sql(name)} (${sql.unsafe(columns)})
        select ${sql.unsafe(columns)} from jsonb_populate_record(null::public.${sql(name)}, ${
        sql.json(values)
      })`;
    }
  }
}

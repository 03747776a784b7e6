/** Two approvals at once that would create products under one SKU. */
import { assertEquals } from "@std/assert";
import type { TransactionSql } from "postgres";
import { openSql, sqlAs } from "../../support/stack.ts";
import { STAFF } from "../people.ts";
import { policy, proposeFor, somebodyWaits } from "./agency.ts";

const asStaff = <T>(act: (sql: TransactionSql) => Promise<T>) =>
  sqlAs("authenticated", { sub: STAFF }, act);

async function approve(sql: TransactionSql, id: string): Promise<string> {
  const [row] = await sql`select public.approve_decision(${id}, 1) ->> 'status' as status`;
  return row?.status;
}

/** A decision that would create a product under a SKU, of a type of its own: one type waits for itself. */
async function creation(sku: string): Promise<string> {
  const type = await policy({ event_types: ["product.created"] });
  const product = { aggregate_type: "product", aggregate_id: crypto.randomUUID() };
  const data = { sku, name: "Pump", base_price: 100 };
  await using sql = openSql();
  return await proposeFor(sql, type, product.aggregate_id, {
    targets: [{ ...product, version: 0 }],
    proposed_events: [{ event_type: "product.created", ...product, data, schema_version: 1 }],
  });
}

Deno.test("the second of two approvals waits for the first, and then fails by the SKU", async () => {
  const sku = `S-${crypto.randomUUID()}`;
  const [one, other] = [await creation(sku), await creation(sku)];
  let late = Promise.resolve("");
  const first = await asStaff(async (sql) => {
    const status = await approve(sql, one);
    late = asStaff((second) => approve(second, other));
    await Promise.race([late, somebodyWaits(1163284301, 3)]);
    return status;
  });
  assertEquals([first, await late], ["executed", "failed"]);
});

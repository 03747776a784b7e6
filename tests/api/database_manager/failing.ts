import { assertEquals } from "@std/assert";
import { eventually } from "../../support/eventually.ts";
import { openSql } from "../../support/stack.ts";
import { id, priceChanged, productCreated, stored } from "../shop.ts";
import { manager, staff } from "./manager.ts";

/** An event as it is stored. */
export interface Stored {
  id: string;
  event_number: number;
  aggregate_id: string;
  processing_error: string | null;
}

/** A second birth of a product, which the domain refuses, and one more event behind it. */
export async function failing(name: string): Promise<{ event: Stored; sibling: Stored }> {
  await stored(productCreated(id(name)), staff);
  const event = await stored(productCreated(id(name)), staff);
  const sibling = await stored(priceChanged(id(name)), staff);
  await untilBlocked(event);
  return { event, sibling };
}

/** The same after its last attempt: it waits for people. */
export async function parked(name: string): Promise<{ event: Stored; sibling: Stored }> {
  const both = await failing(name);
  await untilParked(both.event);
  return both;
}

/** Makes the attempts that are left, without waiting for their time to come. */
export async function untilParked({ event_number }: Stored): Promise<void> {
  await using sql = openSql();
  await eventually(async () => {
    await sql`
      update private.blocked_aggregates set next_attempt_at = clock_timestamp()
      where event_number = ${event_number} and next_attempt_at is not null`;
    await manager("process", { body: {} });
    const [row] = await sql`
      select attempts, parked_at is not null as parked from private.blocked_aggregates
      where event_number = ${event_number}`;
    assertEquals({ ...row }, { attempts: 3, parked: true });
  });
}

/** Resolves when the event has failed. */
async function untilBlocked({ event_number }: Stored): Promise<void> {
  await using sql = openSql();
  await eventually(async () => {
    const rows = await sql`
      select from private.blocked_aggregates where event_number = ${event_number}`;
    return rows.length === 1;
  });
}

/**
 * A product whose article number is taken by a row that is not in the log: its first event fails
 * with 23505 until `giveWay` removes that row.
 */
export async function crowdedOut(name: string) {
  const sku = `TAKEN-${id(name)}`;
  const squatter = id(`${name}: squatter`);
  await using sql = openSql();
  await sql`
    insert into products (id, version, created_at, updated_at, sku, name, base_price,
      stock_quantity, status)
    values (${squatter}, 1, now(), now(), ${sku}, 'Squatter', 1, 0, 'active')`;
  const data = { sku, name: "Pump", base_price: 100 };
  const event: Stored = await stored(productCreated(id(name), { data }), staff);
  const sibling: Stored = await stored(priceChanged(id(name)), staff);
  await untilBlocked(event);
  return {
    event,
    sibling,
    async giveWay() {
      await using sql = openSql();
      await sql`delete from products where id = ${squatter}`;
    },
  };
}

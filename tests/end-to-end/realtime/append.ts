import type { ISql } from "postgres";
import { post, type Posting, type Stored } from "../../database/posting.ts";

/** A new product, or another event of one. */
export function productCreated(aggregate_id: string = crypto.randomUUID()): Posting {
  return {
    event_type: "product.created",
    aggregate_type: "product",
    aggregate_id,
    data: { sku: `RT-${aggregate_id}`, name: "Pump", base_price: 5999 },
  };
}

/** A new customer. */
export function customerRegistered(aggregate_id: string = crypto.randomUUID()): Posting {
  return {
    event_type: "customer.registered",
    aggregate_type: "customer",
    aggregate_id,
    data: { name: "Anna", email: `${aggregate_id}@example.com` },
  };
}

/** Appends one event in SQL and returns it. */
export async function append(sql: ISql, event: Posting = productCreated()): Promise<Stored> {
  const { events: [stored] } = await post(sql, [event]);
  if (!stored) throw new Error("post_events stored nothing");
  return stored;
}

import { assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";

/** Posts events as somebody, all or none, and waits for the Database Manager at most `wait` seconds. */
// deno-lint-ignore no-explicit-any -- events as the API answers them
export async function post(token: string, events: unknown[], wait = 0): Promise<any[]> {
  const { status, body } = await callFunction("events/batch", {
    token,
    headers: wait ? { Prefer: `wait=${wait}` } : {},
    body: { events },
  });
  assertEquals([status === 201 || status === 202, body.detail], [true, undefined]);
  return body.events;
}

/** A `product.created` for a product of its own. */
export function newProduct(data: Record<string, unknown> = {}) {
  const aggregate_id = crypto.randomUUID();
  const sku = `PORTAL-${aggregate_id}`;
  return {
    event_type: "product.created",
    aggregate_type: "product",
    aggregate_id,
    data: { sku, name: "Booster Pump", base_price: 5999, ...data },
  };
}

export function priceChanged(aggregate_id: string, old_price: number, new_price: number) {
  const data = { old_price, new_price, reason: "competitor_match" };
  return { event_type: "product.price_changed", aggregate_type: "product", aggregate_id, data };
}

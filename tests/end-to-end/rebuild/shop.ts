import { registerTypes, traffic } from "../../support/traffic.ts";
import { tellStories } from "../../support/traffic/clients.ts";
import { throughDatabase } from "../../support/traffic/transports.ts";
import { created, moved, type NewEvent, post } from "../database_manager/events.ts";
import { drainToRest, type ManagerStack } from "../database_manager/manager_stack.ts";

/** Some hundred events over all aggregates, projected: what a rebuild must leave as it is. */
export async function openShop(manager: ManagerStack, seed: number, events = 250): Promise<void> {
  await registerTypes(manager.sql);
  await tellStories(traffic(seed, events), [await throughDatabase(manager.stack)]);
  await drainToRest(manager);
}

/** Stores events and projects them. */
export async function happen(manager: ManagerStack, ...events: NewEvent[]) {
  const stored = await post(manager, ...events);
  await drainToRest(manager);
  return stored;
}

/** Stores one event, which then waits. */
export async function postOne(manager: ManagerStack, event: NewEvent) {
  const [stored] = await post(manager, event);
  if (!stored) throw new Error("One event was posted");
  return stored;
}

/** A product with a cost, priced anew: three events, projected. */
export async function pump(manager: ManagerStack, id: string = crypto.randomUUID()) {
  const [birth, price, stock] = await happen(
    manager,
    { ...created(id), data: { ...created(id).data, cost: 40 } },
    product("product.price_changed", id, { old_price: 5999, new_price: 90, reason: "sale" }),
    moved(id, 7),
  );
  if (!birth || !price || !stock) throw new Error("Three events were posted");
  return { id, birth, price, stock };
}

/** An order with two lines, projected. */
export async function order(manager: ManagerStack, id: string = crypto.randomUUID()) {
  const item = (sku: string) => ({
    product_id: crypto.randomUUID(),
    sku,
    name: "Pump",
    quantity: 2,
    unit_price: 10,
  });
  const data = { customer_id: crypto.randomUUID(), items: [item("A"), item("B")] };
  const [birth] = await happen(manager, {
    event_type: "order.created",
    aggregate_type: "order",
    aggregate_id: id,
    data,
  });
  if (!birth) throw new Error("One event was posted");
  return { id, birth };
}

export function product(event_type: string, aggregate_id: string, data: NewEvent["data"]) {
  return { event_type, aggregate_type: "product", aggregate_id, data };
}

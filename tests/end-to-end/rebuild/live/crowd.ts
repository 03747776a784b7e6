import { setTimeout as delay } from "node:timers/promises";
import type { SupabaseClient } from "@supabase/supabase-js";
import { signIn } from "../../../support/people.ts";
import type { StackDescription } from "../../../support/stack.ts";
import { created, moved, type NewEvent, post } from "../../database_manager/events.ts";
import { product } from "../shop.ts";

/** The aggregates that clients append to and readers read. */
export interface Watched {
  products: readonly string[];
  orders: readonly string[];
}

export function watchedOf(): Watched {
  const ids = (count: number) => Array.from({ length: count }, () => crypto.randomUUID()).sort();
  return { products: ids(8), orders: ids(4) };
}

/** Events of each product of the crowd. */
const EVENTS_EACH = 25;

/** Fills the log: the watched ones, and as many other products as the events make. Gives all ids. */
export async function crowd(
  client: SupabaseClient,
  { products, orders }: Watched,
  events: number,
): Promise<string[]> {
  await post({ client }, ...products.map(born), ...orders.map(drafted));
  const others = Array.from(
    { length: Math.ceil(events / EVENTS_EACH) },
    () => crypto.randomUUID() as string,
  );
  const lives = others.values();
  // Whole lives in each append, by three clients.
  await Promise.all([1, 2, 3].map(async () => {
    for (;;) {
      const some = [...take(lives, 1000 / EVENTS_EACH)];
      if (some.length === 0) return;
      await post({ client }, ...some.flatMap(life));
    }
  }));
  return [...products, ...orders, ...others];
}

function* take<T>(all: Iterator<T>, count: number): Iterable<T> {
  for (let taken = 0; taken < count; taken++) {
    const { done, value } = all.next();
    if (done) return;
    yield value;
  }
}

function life(id: string): NewEvent[] {
  return [born(id), ...Array.from({ length: EVENTS_EACH - 1 }, () => moved(id))];
}

function born(id: string): NewEvent {
  const event = created(id);
  return { ...event, data: { ...event.data, cost: 40 } };
}

function drafted(aggregate_id: string): NewEvent {
  const data = { customer_id: crypto.randomUUID(), items: [item(), item()] };
  return { event_type: "order.created", aggregate_type: "order", aggregate_id, data };
}

function item() {
  const product_id = crypto.randomUUID();
  return { product_id, sku: "P", name: "Pump", quantity: 2, unit_price: 10.5 };
}

/** Appends to the watched ones until it is over; gives how many events. */
export async function append(
  client: SupabaseClient,
  { products, orders }: Watched,
  over: AbortSignal,
): Promise<number> {
  let appended = 0;
  for (let turn = 0; !over.aborted; turn++) {
    const id = products[turn % products.length] ?? "";
    const order = orders[turn % orders.length] ?? "";
    const events = [
      moved(id, turn % 7 - 3),
      product("product.price_changed", id, { old_price: 1, new_price: turn, reason: "test" }),
      product("product.updated", id, { cost: turn % 5 === 0 ? null : turn }),
      ...turn % 10 === 0
        ? [{
          event_type: "order.item_added",
          aggregate_type: "order",
          aggregate_id: order,
          data: item(),
        }]
        : [],
    ];
    await post({ client }, ...events);
    appended += events.length;
    await delay(30);
  }
  return appended;
}

/** A token that sees every row. */
export async function staffed(stack: StackDescription): Promise<string> {
  return (await signIn("staff", stack)).token;
}

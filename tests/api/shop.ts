import { callFunction } from "../support/call_function.ts";
import { type Person, signIn } from "../support/people.ts";
import { openSql, runningStack } from "../support/stack.ts";

/** A UUID that the same words always give, so that tests use fixed values and never meet. */
export function id(words: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(words)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  const hex = hash.toString(16).padStart(16, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4000-8000-${hex.slice(4)}`;
}

/** The event that creates a product; change any field. */
export function productCreated(aggregate_id: string, change: Record<string, unknown> = {}) {
  return {
    event_type: "product.created",
    aggregate_type: "product",
    aggregate_id,
    data: { sku: `P-${aggregate_id.slice(0, 8)}`, name: "Pump", base_price: 100 },
    ...change,
  };
}

/** A price change, which only the back office may post. */
export function priceChanged(aggregate_id: string, change: Record<string, unknown> = {}) {
  return {
    event_type: "product.price_changed",
    aggregate_type: "product",
    aggregate_id,
    data: { old_price: 100, new_price: 90, reason: "sale" },
    ...change,
  };
}

/** A registration, which customers may post for themselves. */
export function customerRegistered(aggregate_id: string, change: Record<string, unknown> = {}) {
  return {
    event_type: "customer.registered",
    aggregate_type: "customer",
    aggregate_id,
    data: { email: "casey@example.com", name: "Casey Customer" },
    ...change,
  };
}

/** Posts one event and returns the answer. */
export function post(
  event: unknown,
  credential: { token?: string; key?: string },
  headers: Record<string, string> = {},
) {
  return callFunction("events", { body: event, headers, ...credential });
}

/** Posts one event that must be stored, and returns it. */
export async function stored(event: unknown, credential: { token?: string; key?: string }) {
  const answer = await post(event, credential);
  if (answer.status !== 201) throw new Error(`Not stored: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** How many events an aggregate has. */
export async function eventsOf(aggregateId: string): Promise<number> {
  await using sql = openSql();
  const [row] = await sql`
    select count(*)::int as events from events where aggregate_id = ${aggregateId}`;
  return row?.events;
}

const people = new Map<string, Promise<Person>>();

/** Signs in a person of the seed once per test file. */
export function person(who: "staff" | "customer" | "approver"): Promise<Person> {
  const known = people.get(who) ?? signIn(who);
  people.set(who, known);
  return known;
}

/** The secret key of the trusted backend. */
export function backend(): { key: string } {
  return { key: runningStack().keys.secret };
}

/** The secret key of the agent `category`. */
export function categoryAgent(): { key: string } {
  return { key: runningStack().keys.agent_category };
}

/** Subscriptions of the test stack, posted to and hurried. */
import { assertEquals } from "@std/assert";
import type { Sql } from "postgres";
import type { Subscription } from "../../../functions/events/subscription_schema.ts";
import { type Answer, type Call, callFunction } from "../../support/call_function.ts";
import { eventually } from "../../support/eventually.ts";
import { openSql, runningStack } from "../../support/stack.ts";
import { post, type Posting, type Stored } from "../../database/posting.ts";

export const backend = { key: runningStack().keys.secret };
export const agent = { key: runningStack().keys.agent_category };

export function subscriptions(path = "", call: Call = {}): Promise<Answer> {
  return callFunction(`events/subscriptions${path}`, { ...backend, ...call });
}

/** A subscription that ends with the test. */
export async function subscribe(
  body: { name: string } & Record<string, unknown>,
  credential: { key?: string; token?: string } = backend,
): Promise<Subscription & { secret: string } & AsyncDisposable> {
  const answer = await callFunction("events/subscriptions", { ...credential, body });
  assertEquals(answer.status, 201, JSON.stringify(answer.body));
  return {
    ...answer.body,
    [Symbol.asyncDispose]: async () => {
      await subscriptions(`/${body.name}`, { method: "DELETE" });
    },
  };
}

export async function subscription(name: string): Promise<Subscription> {
  return (await subscriptions(`/${name}`)).body;
}

/** An aggregate type of its own for each test, so that nobody else's events are in its way. */
export async function ownType(sql: Sql, aggregateType: string): Promise<string> {
  const type = `${aggregateType}.happened`;
  await sql`
    insert into public.event_types (event_type, aggregate_type, description, json_schema, example, schema_version, posted_by, source)
    values (${type}, ${aggregateType}, 'For tests', '{}', '{}', 1, '{user,staff,agent,service}', 'registered')
    on conflict do nothing`;
  return type;
}

/** Events of aggregates 1 to `aggregates`, in turn. */
export function happened(type: string, count: number, aggregates: number, first = 1): Posting[] {
  const [aggregate_type = ""] = type.split(".");
  const hash = [...aggregate_type].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) >>> 0, 7);
  return Array.from({ length: count }, (_, i) => ({
    event_type: type,
    aggregate_type,
    aggregate_id: `${hash.toString(16).padStart(8, "0")}-7e57-4000-8000-${
      String(first + i % aggregates).padStart(12, "0")
    }`,
    schema_version: 1,
    data: { i },
  }));
}

export async function append(sql: Sql, events: Posting[]): Promise<Stored[]> {
  return (await post(sql, events)).events;
}

/** Lets no retry wait, until nothing waits any more and the cursor has passed `last`. */
export async function hurry(sql: Sql, name: string, last: number, seconds = 30): Promise<void> {
  await eventually(async () => {
    await ring(sql, name);
    const { cursor, failed } = await subscription(name);
    return cursor >= last && failed.every(({ parked_at }) => parked_at !== null);
  }, seconds);
}

/** Makes waiting retries due and calls the worker. */
export async function ring(sql: Sql, name: string): Promise<void> {
  await sql`
    update private.failed_deliveries set next_attempt_at = now()
    where subscription = ${name} and next_attempt_at > now()`;
  await sql`select private.call_database_manager('deliver')`;
}

/** A connection that closes itself. */
export const openLog = () => openSql(runningStack(), 2);

import { assertEquals } from "@std/assert";
import { type Answer, callFunction } from "../../support/call_function.ts";
import { eventually } from "../../support/eventually.ts";
import { openSql } from "../../support/stack.ts";
import { person } from "../shop.ts";

/** A member of staff, who steers the Database Manager in these tests. */
export const staff = await person("staff");

interface Request {
  method?: string;
  token?: string;
  key?: string;
  body?: unknown;
}

/** Calls `database-manager/<path>`, as staff unless told otherwise: GET, or POST with a body. */
export function manager(path: string, { token, key, ...rest }: Request = {}): Promise<Answer> {
  const credential = key ? { key } : { token: token ?? staff.token };
  return callFunction(`database-manager/${path}`, { ...credential, ...rest });
}

/** Calls as staff and gives the body of an answer that must have this status. */
// deno-lint-ignore no-explicit-any -- a test asserts what it reads
export async function done(path: string, request: Request = {}, status = 200): Promise<any> {
  const answer = await manager(path, request);
  assertEquals(answer.status, status, `${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Status and code of a refusal. */
export async function refusal(path: string, request: Request = {}): Promise<[number, string]> {
  const { status, body } = await manager(path, request);
  return [status, body.code];
}

/** What the log keeps of an act. */
export interface Act {
  event_type: string;
  data: Record<string, unknown>;
  created_by: string;
  user_id: string | null;
  causation_id: string | null;
}

/** Runs `act` and gives the system events that it left, besides those that a rebuild ends with. */
export async function actsOf(act: () => Promise<unknown>): Promise<Act[]> {
  await using sql = openSql();
  const [before] = await sql`select coalesce(max(event_number), 0) as head from events`;
  await act();
  const acts = await sql<Act[]>`
    select event_type, data, created_by, user_id, causation_id from events
    where event_number > ${before?.head} and aggregate_type = 'system'
      and event_type not in ('system.rebuild_completed', 'system.verification_completed')
    order by event_number`;
  return [...acts].map((one) => ({ ...one }));
}

/** An act of the member of staff of these tests, as the log keeps it. */
export function byStaff(
  event_type: string,
  data: Record<string, unknown>,
  causation_id: string | null = null,
): Act {
  const { userId } = staff;
  return { event_type, data, created_by: `user:${userId}`, user_id: userId, causation_id };
}

/** Resolves when the event is processed, or not when `processed` is false; gives its row. */
export async function untilProcessed(eventId: string, seconds = 10): Promise<void> {
  await using sql = openSql();
  await eventually(async () => {
    const [event] = await sql`select processed, processing_error from events where id = ${eventId}`;
    assertEquals(event?.processed, true, `${eventId}: ${event?.processing_error}`);
  }, seconds);
}

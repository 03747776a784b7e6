/** post_events has one way for a single event and one for sets; both must keep the same rules. */
import type { TransactionSql } from "postgres";
import {
  type Actor,
  decisionProposed,
  id,
  orderCreated,
  post,
  type Posting,
  service,
  stockUpdated,
  type Stored,
} from "./posting.ts";
import { become, undone } from "./undone.ts";

/** Posts one event as service_role and returns it as stored. */
export type Append = (
  sql: TransactionSql,
  event: Posting,
  actor?: Actor,
) => Promise<{ event: Stored; replayed: boolean }>;

const alone: Append = async (sql, event, actor = service) => {
  await become(sql, "service_role");
  const { events: [stored], replayed } = await post(sql, [event], actor);
  if (!stored) throw new Error("post_events returned no event");
  return { event: stored, replayed };
};

/** Between two others that any rule lets pass, of aggregates of their own. */
function amidOthers(): Append {
  let others = 0;
  return async (sql, event, actor = service) => {
    await become(sql, "service_role");
    const other = (place: string) => {
      const key = event.idempotency_key && `${event.idempotency_key} ${place}`;
      const number = key ? 0 : ++others;
      const aggregate = id(`other ${place} ${key} ${JSON.stringify(actor)}`, number);
      return { ...innocent(aggregate, actor), ...key && { idempotency_key: key } };
    };
    const batch = [other("before"), event, other("after")];
    const { events: [, stored], replayed } = await post(sql, batch, actor);
    if (!stored) throw new Error("post_events returned no event");
    return { event: stored, replayed };
  };
}

function innocent(aggregate: string, actor: Actor): Posting {
  if (actor.kind === "agent") return decisionProposed(aggregate);
  return actor.kind === "user" ? orderCreated(aggregate, aggregate) : stockUpdated(aggregate);
}

/** Registers a test for each path; what it does is undone. */
export function inBothPaths(
  name: string,
  run: (sql: TransactionSql, append: Append) => Promise<void>,
): void {
  Deno.test(`${name}, posted alone`, () => undone((sql) => run(sql, alone)));
  Deno.test(`${name}, posted in a batch`, () => undone((sql) => run(sql, amidOthers())));
}

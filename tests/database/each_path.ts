/** An event is appended alone, in a batch, or in a call that joins several requests: the rules are the same on each path. */
import type { TransactionSql } from "postgres";
import {
  type Actor,
  id,
  orderCreated,
  post,
  postEach,
  type Posting,
  priceObserved,
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
type Others = (event: Posting, actor: Actor) => [Posting, Posting];

function others(): Others {
  let drawn = 0;
  return (event, actor) => {
    const other = (place: string) => {
      const key = event.idempotency_key && `${event.idempotency_key} ${place}`;
      const number = key ? 0 : ++drawn;
      const aggregate = id(`other ${place} ${key} ${JSON.stringify(actor)}`, number);
      return { ...innocent(aggregate, actor), ...key && { idempotency_key: key } };
    };
    return [other("before"), other("after")];
  };
}

function innocent(aggregate: string, actor: Actor): Posting {
  if (actor.kind === "agent") return priceObserved(aggregate);
  return actor.kind === "user" ? orderCreated(aggregate, aggregate) : stockUpdated(aggregate);
}

function inABatch(beside: Others): Append {
  return async (sql, event, actor = service) => {
    await become(sql, "service_role");
    const [before, after] = beside(event, actor);
    const { events: [, stored], replayed } = await post(sql, [before, event, after], actor);
    if (!stored) throw new Error("post_events returned no event");
    return { event: stored, replayed };
  };
}

function besideOthers(beside: Others): Append {
  return async (sql, event, actor = service) => {
    await become(sql, "service_role");
    const [before, after] = beside(event, service);
    const [, outcome] = await postEach(sql, [
      { events: [before], actor: service },
      { events: [event], actor },
      { events: [after], actor: service },
    ]);
    if (outcome instanceof Error) throw outcome;
    if (!outcome?.events[0]) throw new Error("post_each returned no event");
    return { event: outcome.events[0], replayed: outcome.replayed };
  };
}

/** Registers a test for each path; what it does is undone. */
export function onEachPath(
  name: string,
  run: (sql: TransactionSql, append: Append) => Promise<void>,
): void {
  const paths = {
    "posted alone": () => alone,
    "posted in a batch": () => inABatch(others()),
    "posted beside other requests": () => besideOthers(others()),
  };
  for (const [path, append] of Object.entries(paths)) {
    Deno.test(`${name}, ${path}`, () => undone((sql) => run(sql, append())));
  }
}

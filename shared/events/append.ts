import type { DatabaseClient } from "../database/client.ts";
import { backOff, lostRace } from "../database/race.ts";
import { databaseError } from "../database/sqlstate.ts";
import type { ErrorCode } from "../errors.ts";
import type { Principal } from "../http/principal.ts";
import { correlate } from "./correlation.ts";
import type { PostedEvent, StoredEvent } from "./envelope.ts";
import { checkSize } from "./event_size.ts";
import { actorOf, attribute } from "./identity.ts";
import { type AppendAnswer, type AppendRequest, postAlone, singles } from "./micro_batch.ts";
import { forgetRegisteredType } from "./registered_types.ts";
import { validateEvent } from "./validation.ts";

/** What an append stored; `replayed` when its idempotency keys had stored it before. */
export interface Appended {
  events: StoredEvent[];
  replayed: boolean;
}

/** What {@link appendEvents} refuses, for the document of a route that appends. */
export const appendProblems: readonly ErrorCode[] = [
  "invalid_append",
  "event_type_forbidden",
  "aggregate_forbidden",
  "agent_stopped",
  "version_conflict",
  "idempotency_conflict",
  "stale_schema_version",
  "event_too_large",
  "unknown_event_type",
  "inactive_event_type",
  "aggregate_type_mismatch",
  "invalid_event_data",
  "unknown_causation",
];

/**
 * Validates events and appends them, all or none, on behalf of a principal: one database round
 * trip, more only when a race or a newer schema makes it necessary. `database` is the admin
 * client. With `places`, error pointers say which event of the body is meant.
 *
 * @throws ApplicationError as {@link validateEvent} and {@link attribute} do, `event_too_large`,
 * and whatever the database refuses: `version_conflict`, `idempotency_conflict`, `forbidden`…
 */
export async function appendEvents(
  database: DatabaseClient,
  principal: Principal,
  posted: readonly PostedEvent[],
  places: (index: number) => string = () => "",
): Promise<Appended> {
  return await submit(database, principal, posted, places, post);
}

/** As {@link appendEvents} to the last check, and then takes it back: nothing is stored. */
export async function tryEvents(
  database: DatabaseClient,
  principal: Principal,
  posted: readonly PostedEvent[],
): Promise<Appended> {
  return await submit(database, principal, posted, () => "", tryOut);
}

async function submit(
  database: DatabaseClient,
  principal: Principal,
  posted: readonly PostedEvent[],
  places: (index: number) => string,
  call: typeof post,
): Promise<Appended> {
  const p_actor = actorOf(principal);
  let refreshed = false;
  for (let attempt = 0;; attempt++) {
    const p_events = [];
    for (const [index, event] of posted.entries()) {
      p_events.push(await prepare(database, principal, event, places(index)));
    }
    const { data, error, status } = await call(database, { events: p_events, actor: p_actor });
    // post_events and try_events promise exactly this shape.
    if (!error) return data as Appended;
    if (error.code === "ES004" && !refreshed) {
      refreshed = true;
      for (const { event_type } of posted) forgetRegisteredType(event_type);
    } else if (lostRace(error.code, attempt)) {
      await backOff(attempt);
    } else {
      throw databaseError(error, status);
    }
  }
}

/** A single event travels together with those of other requests that wait at the same time. */
function post(database: DatabaseClient, request: AppendRequest): Promise<AppendAnswer> {
  return request.events.length === 1
    ? singles(database).post(request)
    : postAlone(database, request);
}

async function tryOut(
  database: DatabaseClient,
  { events, actor }: AppendRequest,
): Promise<AppendAnswer> {
  return await database.rpc("try_events", { p_events: events, p_actor: actor });
}

async function prepare(
  database: DatabaseClient,
  principal: Principal,
  event: PostedEvent,
  place: string,
) {
  checkSize(event.data, event.metadata, place);
  const { data, schemaVersion } = await validateEvent(database, event, place);
  const { stated, claims } = attribute(principal, event, place);
  const correlation = event.correlation_id ? await correlate(event.correlation_id) : undefined;
  return {
    event_type: event.event_type,
    aggregate_type: event.aggregate_type,
    aggregate_id: event.aggregate_id,
    schema_version: schemaVersion,
    data,
    metadata: metadataOf(event.metadata, claims, correlation?.key),
    ...stated,
    correlation_id: correlation?.id,
    causation_id: event.causation_id,
    idempotency_key: event.idempotency_key,
    expected_version: event.expected_version,
  };
}

/** The client's metadata; what the server itself says about an event is never the client's. */
function metadataOf(
  given: PostedEvent["metadata"],
  claims: Record<string, string | undefined>,
  correlation_key: string | undefined,
): Record<string, unknown> {
  const { correlation_key: _, claimed_created_by: __, claimed_user_id: ___, ...free } = given ?? {};
  return { ...free, ...claims, ...(correlation_key !== undefined && { correlation_key }) };
}

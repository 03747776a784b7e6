import type { Aggregate, AggregateState, Body, NewEvent, StoredEvent } from "./aggregate.ts";
import { DomainError } from "./domain_error.ts";
import { type EventType, upcast } from "./event_type.ts";
import { requireCreated } from "./existence.ts";

/** An aggregate before its first event. */
export const emptyState = null;

/**
 * The state after one more event. An event type that is registered but unknown to the code only
 * moves `version` and `updated_at`. Throws `DomainError`: `version_hole`, `wrong_aggregate`,
 * `not_yet_created`, `invalid_event_data` or what the aggregate's own rules say.
 *
 * `previousVersion` is for streams in which people skipped the first events: no state, but the
 * next event is not number 1.
 */
export function applyEvent<State extends AggregateState, Event extends StoredEvent>(
  aggregate: Aggregate<State, Event>,
  state: State | null,
  event: StoredEvent,
  previousVersion: number = state?.version ?? 0,
): State {
  requirePlace(aggregate, state, event, previousVersion);
  const type = typeOf(aggregate, event);
  const body = type
    ? aggregate.evolve(state, parsed<Event>(type, event))
    : requireCreated(state, event);
  return withHeader(state, event, body);
}

/** The state after an event that people chose to skip: its version passes, its data does not. */
export function skipEvent<State extends AggregateState>(
  state: State | null,
  event: StoredEvent,
): State | null {
  return state && { ...state, version: event.aggregate_version, updated_at: event.created_at };
}

/** The state after the next event of a stream, skipped or not. Throws as `applyEvent` does. */
export function nextState<State extends AggregateState, Event extends StoredEvent>(
  aggregate: Aggregate<State, Event>,
  state: State | null,
  event: StoredEvent,
  previousVersion: number = state?.version ?? 0,
): State | null {
  return event.skip_reason === null
    ? applyEvent(aggregate, state, event, previousVersion)
    : skipEvent(state, event);
}

/** Applies events in order, from nothing or from a state already reached. */
export function fold<State extends AggregateState, Event extends StoredEvent>(
  aggregate: Aggregate<State, Event>,
  events: Iterable<StoredEvent>,
  from: State | null = emptyState,
): State | null {
  let state = from;
  let version = from?.version ?? 0;
  for (const event of events) {
    state = nextState(aggregate, state, event, version);
    version = event.aggregate_version;
  }
  return state;
}

/** The new events that `event` causes in other aggregates; `state` is the one after it. */
export function effectsOf<State extends AggregateState, Event extends StoredEvent>(
  aggregate: Aggregate<State, Event>,
  state: State,
  event: StoredEvent,
): NewEvent[] {
  const type = aggregate.effects && typeOf(aggregate, event);
  return type ? aggregate.effects?.(state, parsed<Event>(type, event)) ?? [] : [];
}

function requirePlace(
  aggregate: Aggregate,
  state: AggregateState | null,
  event: StoredEvent,
  previousVersion: number,
): void {
  if (event.aggregate_type !== aggregate.type || (state && state.id !== event.aggregate_id)) {
    const found = `${event.aggregate_type} ${event.aggregate_id}`;
    const wanted = `${aggregate.type} ${state?.id ?? ""}`.trimEnd();
    throw new DomainError("wrong_aggregate", `Event is of ${found}, expected ${wanted}`);
  }
  if (event.aggregate_version !== previousVersion + 1) {
    const found = `version ${event.aggregate_version} of ${event.aggregate_type}`;
    throw new DomainError("version_hole", `Event has ${found}, expected ${previousVersion + 1}`);
  }
}

function typeOf(aggregate: Aggregate, event: StoredEvent): EventType | undefined {
  const known = Object.hasOwn(aggregate.eventTypes, event.event_type);
  return known ? aggregate.eventTypes[event.event_type] : undefined;
}

function parsed<Event extends StoredEvent>(type: EventType, event: StoredEvent): Event {
  const result = type.schema.safeParse(upcast(type, event.schema_version, event.data));
  if (!result.success) {
    const issue = result.error.issues[0];
    const where = `/${issue?.path.join("/") ?? ""}`;
    const message = `${event.event_type}: data${where} ${issue?.message}`;
    throw new DomainError("invalid_event_data", message);
  }
  // The type's own schema has just parsed the data, so name and data belong together.
  return { ...event, data: result.data } as unknown as Event;
}

function withHeader<State extends AggregateState>(
  state: State | null,
  event: StoredEvent,
  body: Body<State>,
): State {
  const header: AggregateState = {
    id: event.aggregate_id,
    version: event.aggregate_version,
    owner_id: state ? state.owner_id : event.owner_id,
    created_at: state ? state.created_at : event.created_at,
    updated_at: event.created_at,
  };
  // Body is State without the header's columns, so the two together are a State.
  return { ...body, ...header } as State;
}

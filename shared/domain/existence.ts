import type { AggregateState, StoredEvent } from "./aggregate.ts";
import { DomainError } from "./domain_error.ts";

/** The state, or `DomainError` `not_yet_created` when there is none. */
export function requireCreated<State extends AggregateState>(
  state: State | null,
  event: StoredEvent,
): State {
  if (state) return state;
  const subject = `${event.aggregate_type} ${event.aggregate_id}`;
  throw new DomainError("not_yet_created", `${event.event_type}: ${subject} does not exist yet`);
}

/** `DomainError` `already_created` when there is a state. */
export function requireNew(state: AggregateState | null, event: StoredEvent): void {
  if (!state) return;
  const subject = `${event.aggregate_type} ${event.aggregate_id}`;
  throw new DomainError("already_created", `${event.event_type}: ${subject} exists already`);
}

import {
  type Aggregate,
  type AggregateState,
  DomainError,
  nextState,
} from "../domain/aggregate.ts";
import { toInstant } from "../domain/timestamp.ts";
import type { StoredEvent } from "./envelope.ts";

/** How far to fold: to a time (milliseconds since 1970), to a version of the aggregate, or to a place in the log. */
export type Horizon =
  | { as_of: number }
  | { at_version: number }
  | { event_number: number }
  | "now";

/** An event that the domain refuses: the aggregate stands still before it until staff act. */
export interface Obstacle {
  event_id: string;
  event_number: number;
  code: string;
  detail: string;
}

/** Where a fold has arrived. `state` is null for aggregate types without state tables. */
export interface Folded {
  state: AggregateState | null;
  version: number;
  /** Number and time of the last event that was folded in; 0 and null when there was none. */
  last_event_number: number;
  as_of: string | null;
  blocked_by: Obstacle | null;
  /** Nothing further belongs to it: the horizon is passed, or an obstacle met. */
  finished: boolean;
}

/** An aggregate before its first event. */
export const unborn: Folded = {
  state: null,
  version: 0,
  last_event_number: 0,
  as_of: null,
  blocked_by: null,
  finished: false,
};

/** Folds further events of an aggregate, in order, as far as the horizon. Pure. */
export function foldUntil(
  aggregate: Aggregate | undefined,
  from: Folded,
  events: readonly StoredEvent[],
  horizon: Horizon,
): Folded {
  let folded = from;
  for (const event of events) {
    if (folded.finished) break;
    folded = within(event, horizon)
      ? step(aggregate, folded, event)
      : { ...folded, finished: true };
  }
  return folded;
}

function within(event: StoredEvent, horizon: Horizon): boolean {
  if (horizon === "now") return true;
  if ("as_of" in horizon) return toInstant(event.created_at) <= horizon.as_of;
  if ("at_version" in horizon) return event.aggregate_version <= horizon.at_version;
  return event.event_number <= horizon.event_number;
}

function step(aggregate: Aggregate | undefined, from: Folded, event: StoredEvent): Folded {
  const { id: event_id, event_number } = event;
  try {
    return {
      ...from,
      state: aggregate ? nextState(aggregate, from.state, event, from.version) : null,
      version: event.aggregate_version,
      last_event_number: event_number,
      as_of: event.created_at,
    };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, message: detail } = error;
    return { ...from, blocked_by: { event_id, event_number, code, detail }, finished: true };
  }
}

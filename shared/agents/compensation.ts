import type { DatabaseClient } from "../database/client.ts";
import type { AggregateState } from "../domain/aggregate.ts";
import type { EventType } from "../domain/event_type.ts";
import { measured } from "../domain/magnitude.ts";
import type { FieldError } from "../errors.ts";
import { findEventType } from "../events/catalog.ts";
import {
  applied,
  type CheckedEvent,
  checkEvents,
  keyOf,
  misstated,
  type States,
} from "./examine.ts";
import type { ProposedEvent } from "./proposal.ts";

/** A decision's events, its targets before them, and as they are after them. */
export interface Done {
  readonly events: readonly ProposedEvent[];
  readonly before: States;
  readonly after: States;
}

/** Events that would take a decision back, and what is wrong with them: empty when nothing is. */
export interface Undoing {
  events: CheckedEvent[];
  errors: FieldError[];
}

/**
 * Applies a compensation, in memory, to what a decision leaves behind: each number that limits
 * measure must end where it began, and what an event says was before must have been.
 *
 * @throws ApplicationError as `validateEvent` does, `invalid_event_data` for what contradicts the
 * state
 */
export async function examineCompensation(
  database: DatabaseClient,
  compensation: readonly ProposedEvent[],
  done: Done,
): Promise<Undoing> {
  const events = await checkEvents(database, compensation, "/compensation");
  const states = new Map(done.after);
  const errors = events.flatMap((event, index): FieldError[] => {
    const pointer = `/compensation/${index}`;
    const before = states.get(keyOf(event));
    if (!before) return [{ pointer, message: "Nothing can be foretold of its target" }];
    states.set(keyOf(event), applied(before, event, pointer));
    return misstated(event, before, pointer);
  });
  return { events, errors: [...errors, ...notUndone(events, states, done)] };
}

/** The numbers that decision and compensation together would leave elsewhere than they began. */
function notUndone(
  compensation: readonly CheckedEvent[],
  states: States,
  { events, before, after }: Done,
): FieldError[] {
  const columns = new Map<string, { key: string; type: EventType }>();
  for (const event of [...events, ...compensation]) {
    const type = findEventType(event.event_type);
    if (type?.measures === undefined) continue;
    columns.set(`${keyOf(event)} ${type.measures}`, { key: keyOf(event), type });
  }
  return [...columns.values()].flatMap(({ key, type }): FieldError[] => {
    const number = (of: States) => numberOf(type, of.get(key)?.state);
    // What the decision itself brings into being stays as it made it.
    const began = number(before) ?? number(after);
    const ends = number(states);
    if (began === ends) return [];
    const message = `Expected ${type.measures} of ${key} to end at ${began}, not ${ends}`;
    return [{ pointer: placeOf(compensation, key), message }];
  });
}

/** The last event of a compensation that could have put it right. */
function placeOf(compensation: readonly CheckedEvent[], key: string): string {
  const index = compensation.findLastIndex((event) => keyOf(event) === key);
  return index < 0 ? "/compensation" : `/compensation/${index}`;
}

function numberOf(type: EventType, state: AggregateState | null | undefined): number | null {
  return state ? measured(type, state) : null;
}

import { assertEquals } from "@std/assert";
import {
  type Aggregate,
  type AggregateState,
  applyEvent,
  DomainError,
  fold,
  type StoredEvent,
} from "../../../shared/domain/aggregate.ts";
import { findEventType } from "../../../shared/events/catalog.ts";

/** The aggregate every story is about. */
export const ID = "123e4567-e89b-12d3-a456-426614174999";
/** The customer or dealer who owns it. */
export const OWNER = "123e4567-e89b-12d3-a456-4266141740aa";

/** An event type and its data, and what else is special about the event. */
export type Fact = readonly [type: string, data: unknown, special?: Partial<StoredEvent>];

/** When event number `version` of a story happened. */
export function momentOf(version: number): string {
  return `2025-10-27T10:00:${String(version).padStart(2, "0")}+00:00`;
}

/** The facts as stored events 1, 2, 3… of one aggregate. */
export function events(aggregateType: string, ...facts: readonly Fact[]): StoredEvent[] {
  return facts.map(([event_type, data, special], index) => ({
    id: `01932b7e-5d00-7000-8000-${String(index + 1).padStart(12, "0")}`,
    event_type,
    aggregate_type: aggregateType,
    aggregate_id: ID,
    aggregate_version: index + 1,
    schema_version: findEventType(event_type)?.schemaVersion ?? 1,
    data,
    created_by: "system",
    owner_id: OWNER,
    created_at: momentOf(index + 1),
    skip_reason: null,
    ...special,
  }));
}

/** The last of the facts as a stored event. */
export function lastEvent(aggregateType: string, ...facts: readonly Fact[]): StoredEvent {
  const last = events(aggregateType, ...facts).at(-1);
  if (last === undefined) throw new Error("The story has no facts");
  return last;
}

/** Given these facts, the state; fails when there is none. */
export function stateAfter<State extends AggregateState, Event extends StoredEvent>(
  aggregate: Aggregate<State, Event>,
  ...facts: readonly Fact[]
): State {
  const state = fold(aggregate, events(aggregate.type, ...facts));
  if (state === null) throw new Error("The story has no facts");
  return state;
}

/** Given all facts but the last, when the last happens, then it is refused with this code. */
export function assertRefused<State extends AggregateState, Event extends StoredEvent>(
  code: string,
  aggregate: Aggregate<State, Event>,
  ...facts: readonly Fact[]
): void {
  const given = fold(aggregate, events(aggregate.type, ...facts.slice(0, -1)));
  const last = lastEvent(aggregate.type, ...facts);
  assertEquals(refusal(() => applyEvent(aggregate, given, last)), code);
}

/** The code of the `DomainError` that `act` throws; undefined when it throws none. */
export function refusal(act: () => unknown): string | undefined {
  return domainErrorOf(act)?.code;
}

/** The `DomainError` that `act` throws; undefined when it throws none. */
export function domainErrorOf(act: () => unknown): DomainError | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

/** The same value with every object and array frozen, so that a change of it throws. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

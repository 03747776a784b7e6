import type { z } from "zod";
import type { DatabaseClient } from "../database/client.ts";
import type { checkedEvent, DecisionTarget, Magnitude } from "../domain/agent_decision_events.ts";
import { type AggregateState, applyEvent, DomainError } from "../domain/aggregate.ts";
import { findAggregate } from "../domain/aggregates.ts";
import { magnitudeOf, type Step } from "../domain/magnitude.ts";
import { ApplicationError, type FieldError } from "../errors.ts";
import { foldHistory } from "../events/aggregate_history.ts";
import { findEventType } from "../events/catalog.ts";
import { type Folded, unborn } from "../events/time_travel.ts";
import { validateEvent } from "../events/validation.ts";
import { requireDependencies } from "./dependencies.ts";
import type { ProposedEvent } from "./proposal.ts";

/** An event whose data was held against a version of its schema. */
export type CheckedEvent = z.output<typeof checkedEvent>;

/** Targets as they stand, by {@link keyOf}; without those of which nothing can be foretold. */
export type States = ReadonlyMap<string, Folded>;

/** What was found out about proposed events. */
export interface Examined {
  events: CheckedEvent[];
  /** How much they change what stood at the versions read; null when it is not known. */
  magnitude: Magnitude | null;
  /** The targets at the versions read, and as the events would leave them. */
  before: States;
  after: States;
}

/**
 * Checks proposed events against the catalog and applies them, in memory, to their targets as the
 * agent read them: what the domain would refuse is refused now, and the size of the change is
 * measured, never believed. `place` is where the events stand in the body.
 *
 * @throws ApplicationError as `validateEvent` does, `invalid_event_data` for what contradicts the
 * state, `invalid_proposal` for a target that does not depend on what would change it, or an old
 * value that is not so
 */
export async function examineEvents(
  database: DatabaseClient,
  proposed: readonly ProposedEvent[],
  targets: readonly DecisionTarget[],
  place: string,
): Promise<Examined> {
  requireDependencies(proposed, targets);
  const events = await checkEvents(database, proposed, place);
  const before = await statesAsRead(database, targets);
  const states = new Map(before);
  const errors: FieldError[] = [];
  const steps = events.map((event, index) => {
    const key = keyOf(event);
    const from = states.get(key);
    if (!from) return null;
    errors.push(...misstated(event, from, `${place}/${index}`));
    const to = applied(from, event, `${place}/${index}`);
    states.set(key, to);
    return stepOf(event, from.state, to.state);
  });
  if (errors.length > 0) {
    throw new ApplicationError("invalid_proposal", "An event says what was not so.", { errors });
  }
  return { events, magnitude: magnitudeOf(steps), before, after: states };
}

/** The old values of an event that are not those of the state before it. */
export function misstated({ event_type, data }: CheckedEvent, { state }: Folded, pointer: string) {
  const restates = Object.entries(findEventType(event_type)?.restates ?? {});
  return restates.flatMap(([property, path]): FieldError[] => {
    const said = data[property];
    const was = valueAt(state, path);
    if (said === undefined || said === was) return [];
    const message = `Expected ${was ?? "none"}, as it would be then`;
    return [{ pointer: `${pointer}/data/${property}`, message }];
  });
}

function valueAt(state: unknown, path: string): unknown {
  return path.split(".").reduce(
    (value, name) =>
      typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined,
    state,
  );
}

/**
 * Events with their data held against the catalog.
 *
 * @throws ApplicationError as `validateEvent` does
 */
export async function checkEvents(
  database: DatabaseClient,
  proposed: readonly ProposedEvent[],
  place: string,
): Promise<CheckedEvent[]> {
  const events: CheckedEvent[] = [];
  for (const [index, event] of proposed.entries()) {
    const { data, schemaVersion } = await validateEvent(database, event, `${place}/${index}`);
    events.push({ ...event, data, schema_version: schemaVersion });
  }
  return events;
}

/**
 * Targets before events that were checked once, and after them.
 *
 * @throws ApplicationError `invalid_event_data` for what contradicts the state
 */
export function foretold(before: States, events: readonly CheckedEvent[]) {
  const after = new Map(before);
  for (const event of events) {
    const from = after.get(keyOf(event));
    if (from) after.set(keyOf(event), applied(from, event, ""));
  }
  return { before, after };
}

/** Targets at the versions they name, from the log. */
export async function statesAsRead(
  database: DatabaseClient,
  targets: readonly DecisionTarget[],
): Promise<States> {
  const states = await Promise.all(targets.map(async (target) => {
    const path = { type: target.aggregate_type, id: target.aggregate_id };
    const folded = target.version === 0
      ? unborn
      : await foldHistory(database, path, { at_version: target.version });
    return [keyOf(target), folded] as const;
  }));
  // Where people must act first, or somebody states a version to come, nothing can be foretold.
  return new Map(states.filter(([_, folded]) => !folded.blocked_by));
}

/** One name for an aggregate. */
export function keyOf(
  { aggregate_type, aggregate_id }: { aggregate_type: string; aggregate_id: string },
) {
  return `${aggregate_type}/${aggregate_id}`;
}

/**
 * A target with one more event, as it would be.
 *
 * @throws ApplicationError `invalid_event_data` when the domain refuses it
 */
export function applied(before: Folded, event: CheckedEvent, pointer: string): Folded {
  const aggregate = findAggregate(event.aggregate_type);
  const version = before.version + 1;
  if (!aggregate) return { ...before, version };
  try {
    const state = applyEvent(aggregate, before.state, wouldBe(event, version), before.version);
    return { ...before, version, state };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new ApplicationError("invalid_event_data", `The event could not be applied.`, {
      errors: [{ pointer, message: error.message }],
    });
  }
}

/** The event as it would be stored; nothing of it is kept. */
function wouldBe(event: CheckedEvent, aggregate_version: number) {
  return {
    ...event,
    id: "00000000-0000-0000-0000-000000000000",
    aggregate_version,
    created_by: "system",
    owner_id: null,
    created_at: new Date().toISOString(),
    skip_reason: null,
  };
}

function stepOf(
  event: CheckedEvent,
  before: AggregateState | null,
  after: AggregateState | null,
): Step | null {
  const type = findEventType(event.event_type);
  return type && before && after ? { target: keyOf(event), type, before, after } : null;
}

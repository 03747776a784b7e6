import type { z } from "zod";
import type { DatabaseClient } from "../database/client.ts";
import {
  type checkedEvent,
  type DecisionTarget,
  type Magnitude,
} from "../domain/agent_decision_events.ts";
import { type AggregateState, applyEvent, DomainError } from "../domain/aggregate.ts";
import { findAggregate } from "../domain/aggregates.ts";
import { magnitudeOf, type Step } from "../domain/magnitude.ts";
import { ApplicationError } from "../errors.ts";
import { foldHistory } from "../events/aggregate_history.ts";
import { findEventType } from "../events/catalog.ts";
import { type Folded, unborn } from "../events/time_travel.ts";
import { validateEvent } from "../events/validation.ts";
import { requireDependencies } from "./dependencies.ts";
import type { ProposedEvent } from "./proposal.ts";

/** An event whose data was held against a version of its schema. */
export type CheckedEvent = z.output<typeof checkedEvent>;

/** What was found out about proposed events. */
export interface Examined {
  events: CheckedEvent[];
  /** How much they change what stood at the versions read; null when it is not known. */
  magnitude: Magnitude | null;
}

/**
 * Checks proposed events against the catalog and applies them, in memory, to their targets as the
 * agent read them: what the domain would refuse is refused now, and the size of the change is
 * measured, never believed. `place` is where the events stand in the body.
 *
 * @throws ApplicationError as `validateEvent` does, `invalid_event_data` for what contradicts the
 * state, `invalid_proposal` for a target that does not depend on what would change it
 */
export async function examineEvents(
  database: DatabaseClient,
  proposed: readonly ProposedEvent[],
  targets: readonly DecisionTarget[],
  place: string,
): Promise<Examined> {
  requireDependencies(proposed, targets);
  const events: CheckedEvent[] = [];
  for (const [index, event] of proposed.entries()) {
    const { data, schemaVersion } = await validateEvent(database, event, `${place}/${index}`);
    events.push({ ...event, data, schema_version: schemaVersion });
  }
  const states = await statesAsRead(database, targets);
  const steps = events.map((event, index) => {
    const key = keyOf(event);
    const before = states.get(key);
    if (!before) return null;
    const after = applied(before, event, `${place}/${index}`);
    states.set(key, after);
    return stepOf(event, before.state, after.state);
  });
  return { events, magnitude: magnitudeOf(steps) };
}

async function statesAsRead(
  database: DatabaseClient,
  targets: readonly DecisionTarget[],
): Promise<Map<string, Folded>> {
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

function keyOf({ aggregate_type, aggregate_id }: { aggregate_type: string; aggregate_id: string }) {
  return `${aggregate_type}/${aggregate_id}`;
}

function applied(before: Folded, event: CheckedEvent, pointer: string): Folded {
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

import {
  type Aggregate,
  type AggregateState,
  DomainError,
  effectsOf,
  type NewEvent,
} from "../domain/aggregate.ts";
import { findEventType } from "../events/catalog.ts";
import type { Effect, PendingEvent } from "./batch.ts";

/** Effects of effects of effects…: one that goes further has no end. */
const DEEPEST = 10;

/**
 * What an event that was applied causes, ready to be posted.
 *
 * @throws DomainError `invalid_effect`: its type refuses its data, and it would be stored for ever;
 * `endless_effects`: it is the effect of too many others
 */
export function effectsAfter(
  aggregate: Aggregate,
  state: AggregateState | null,
  event: PendingEvent,
): Effect[] {
  if (!state || event.skip_reason !== null) return [];
  const depth = depthOf(event) + 1;
  return effectsOf(aggregate, state, event).map((effect, index) => {
    if (depth > DEEPEST) {
      const message = `"${effect.event_type}" would be effect ${depth} in a row`;
      throw new DomainError("endless_effects", message);
    }
    requireValid(effect);
    return {
      ...effect,
      metadata: { effect_depth: depth },
      causation_id: event.id,
      correlation_id: event.correlation_id ?? event.id,
      idempotency_key: `effect:${event.id}:${index}`,
    };
  });
}

/** How many effects led to an event. Only the system is believed. */
function depthOf({ created_by, metadata }: PendingEvent): number {
  const depth = created_by === "system" ? metadata?.effect_depth : 0;
  return typeof depth === "number" ? depth : 0;
}

/** A type that was registered at run time is left to the database. */
function requireValid({ event_type, data }: NewEvent): void {
  const error = findEventType(event_type)?.schema.safeParse(data).error;
  if (!error) return;
  const where = error.issues.map(({ path, message }) => `data/${path.join("/")} ${message}`);
  throw new DomainError("invalid_effect", `"${event_type}": ${where.join("; ")}`);
}

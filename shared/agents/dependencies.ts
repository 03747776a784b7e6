import type { DecisionTarget } from "../domain/agent_decision_events.ts";
import { ApplicationError, type FieldError } from "../errors.ts";
import { catalog, findEventType } from "../events/catalog.ts";
import type { ProposedEvent } from "./proposal.ts";

/**
 * A target may say on which event types its decision depends. Those it would post are always among
 * them, and all that change what these change: else the size of the change would be measured
 * against a value that is no more.
 *
 * @throws ApplicationError `invalid_proposal`
 */
export function requireDependencies(
  events: readonly ProposedEvent[],
  targets: readonly DecisionTarget[],
): void {
  const errors = targets.flatMap((target, index): FieldError[] => {
    const { depends_on } = target;
    if (!depends_on) return [];
    const missing = rivalsOf(events.filter((event) => isAt(event, target)))
      .filter((type) => !depends_on.includes(type));
    if (missing.length === 0) return [];
    const message = `Expected ${missing.join(", ")} among them`;
    return [{ pointer: `/targets/${index}/depends_on`, message }];
  });
  if (errors.length === 0) return;
  throw new ApplicationError("invalid_proposal", "A decision depends on what it would change.", {
    errors,
  });
}

function isAt(event: ProposedEvent, { aggregate_type, aggregate_id }: DecisionTarget): boolean {
  return event.aggregate_type === aggregate_type && event.aggregate_id === aggregate_id;
}

/** The types of the events, and every other that changes the same number. */
function rivalsOf(events: readonly ProposedEvent[]): string[] {
  const types = events.flatMap(({ event_type, aggregate_type }) => {
    const measures = findEventType(event_type)?.measures;
    const rivals = catalog.filter((type) =>
      type.aggregateType === aggregate_type && type.measures === measures
    );
    return [event_type, ...measures === undefined ? [] : rivals.map(({ type }) => type)];
  });
  return [...new Set(types)];
}

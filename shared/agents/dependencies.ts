import type { DecisionTarget } from "../domain/agent_decision_events.ts";
import { ApplicationError, type FieldError } from "../errors.ts";
import { catalog, findEventType } from "../events/catalog.ts";
import type { ProposedEvent } from "./proposal.ts";

/**
 * A target may say on which event types its decision depends. Always among them are those it would
 * post, all that touch what these touch (else it would write over what it did not see) and all that
 * decide what may come (else it might post what may come no more).
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
    const missing = needed(target, events.filter((event) => isAt(event, target)))
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

/** The types that a target cannot leave out, given the events at it. */
function needed({ aggregate_type }: DecisionTarget, events: readonly ProposedEvent[]): string[] {
  const own = events.map(({ event_type }) => findEventType(event_type)?.touches);
  // Of what moves a status it is not said what it touches: it may be anything.
  const all = own.includes(undefined);
  const known = catalog.filter(({ aggregateType, touches }) =>
    aggregateType === aggregate_type &&
    (!touches || all || touches.some((name) => own.some((touched) => touched?.includes(name))))
  );
  return [...new Set([...events.map(({ event_type }) => event_type), ...known.map(byName)])];
}

function byName({ type }: { type: string }): string {
  return type;
}

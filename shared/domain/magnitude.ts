import type { Magnitude } from "./agent_decision_events.ts";
import type { AggregateState } from "./aggregate.ts";
import type { EventType } from "./event_type.ts";

/** How much an event changes the number that its type measures; null when it measures none. */
export function magnitudeOf(
  type: EventType,
  before: AggregateState,
  after: AggregateState,
): Magnitude | null {
  const from = measured(type, before);
  const to = measured(type, after);
  if (from === null || to === null) return null;
  const amount = rounded(Math.abs(to - from));
  if (amount === 0) return { amount, percent: 0 };
  return { amount, percent: from === 0 ? null : rounded(amount / Math.abs(from) * 100) };
}

/** The largest of several changes; not known when one of them is not. */
export function largest(magnitudes: readonly (Magnitude | null)[]): Magnitude | null {
  const known = magnitudes.filter((one) => one !== null);
  if (known.length < magnitudes.length || known.length === 0) return null;
  const percents = known.map(({ percent }) => percent);
  return {
    amount: Math.max(...known.map(({ amount }) => amount)),
    percent: percents.includes(null) ? null : Math.max(...percents.map(Number)),
  };
}

function measured(type: EventType, state: AggregateState): number | null {
  if (type.measures === undefined) return null;
  // A property that the type names; whether it is there and a number is looked at here.
  const value = (state as unknown as Record<string, unknown>)[type.measures];
  return typeof value === "number" ? value : null;
}

/** To a millionth, so that 0.1 + 0.2 is no change of its own. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

import type { Magnitude } from "./agent_decision_events.ts";
import type { AggregateState } from "./aggregate.ts";
import type { EventType } from "./event_type.ts";

/** One event of a decision upon its target: the state before it and after it. */
export interface Step {
  /** The aggregate that it changes, by any name that no other has. */
  target: string;
  type: EventType;
  before: AggregateState;
  after: AggregateState;
}

/** What a decision does to one column of one target. */
interface Course {
  /** The value before its first event. */
  from: number;
  /** The sizes of its steps together: at least as far as the value gets, there and back included. */
  way: number;
}

/**
 * How much the events of a decision change, in order, all of them together. Of each target and
 * column that is the way it goes, step by step, in percent of where it began; the largest of them
 * counts. Null when of some event it is not known (`steps` has null) or measured.
 */
export function magnitudeOf(steps: readonly (Step | null)[]): Magnitude | null {
  const courses = new Map<string, Course>();
  for (const step of steps) {
    if (step === null) return null;
    const from = measured(step.type, step.before);
    const to = measured(step.type, step.after);
    if (from === null || to === null) return null;
    const column = `${step.target} ${step.type.measures}`;
    const course = courses.get(column) ?? { from, way: 0 };
    courses.set(column, { ...course, way: course.way + Math.abs(to - from) });
  }
  return largest([...courses.values()].map(sizeOf));
}

function sizeOf({ from, way }: Course): Magnitude {
  const amount = rounded(way);
  if (amount === 0) return { amount, percent: 0 };
  return { amount, percent: from === 0 ? null : rounded(amount / Math.abs(from) * 100) };
}

function largest(sizes: readonly Magnitude[]): Magnitude | null {
  if (sizes.length === 0) return null;
  const percents = sizes.map(({ percent }) => percent);
  return {
    amount: Math.max(...sizes.map(({ amount }) => amount)),
    percent: percents.includes(null) ? null : Math.max(...percents.map(Number)),
  };
}

/** The number of a state that events of a type change; null when there is none. */
export function measured(type: EventType, state: AggregateState): number | null {
  if (type.measures === undefined) return null;
  // A property that the type names; whether it is there and a number is looked at here.
  const value = (state as unknown as Record<string, unknown>)[type.measures];
  return typeof value === "number" ? value : null;
}

/** To a millionth, so that 0.1 + 0.2 is no change of its own. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

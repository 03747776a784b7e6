/** One place in which two values differ. `undefined` is: not there. */
export interface Difference {
  /** Such as `items.0.quantity`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Levels that are told apart; below them values differ as wholes. */
const DEEPEST = 12;

/** Where two JSON values differ, in the order of their keys. */
export function differences(before: unknown, after: unknown, path = "", level = 0): Difference[] {
  if (isBranch(before) && isBranch(after) && level < DEEPEST) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) =>
      differences(before[key], after[key], path ? `${path}.${key}` : key, level + 1)
    );
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** The numbers the tables are made of. */

/** The middle of `values`; of an even number of them the mean of both in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** The value below which `share` (0 to 1) of `values` lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** A ratio of two series measured in the same rounds. */
export interface Ratio {
  median: number;
  min: number;
  max: number;
  /** The spread crosses 1: neither was shown to be faster. */
  tie: boolean;
}

/** Divides round by round, so that a slow moment of the machine hits both sides. */
export function ratioOf(ours: readonly number[], against: readonly number[]): Ratio {
  if (ours.length === 0 || ours.length !== against.length) {
    throw new Error(`Cannot compare ${ours.length} rounds with ${against.length}`);
  }
  const ratios = ours.map((value, round) => value / (against[round] ?? NaN));
  const min = Math.min(...ratios);
  const max = Math.max(...ratios);
  return { median: median(ratios), min, max, tie: min < 1 && max > 1 };
}

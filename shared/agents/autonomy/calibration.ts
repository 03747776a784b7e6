/** One decided case: how sure the agent was, and whether it was right. */
export interface Case {
  /** From 0 to 1. */
  confidence: number;
  /** Approved as proposed, and nothing bad came of it. */
  success: boolean;
}

/** The cases whose confidence lies in a tenth, from `from` up to below `to` (the last: up to 1). */
export interface ReliabilityBin {
  from: number;
  to: number;
  cases: number;
  mean_confidence: number;
  success_share: number;
}

const BINS = 10;

/**
 * Mean squared difference of confidence and outcome (G. W. Brier, 1950, in its form for two
 * outcomes): 0 is perfect, 0.25 is what "always one half" earns. null without cases.
 */
export function brierScore(cases: readonly Case[]): number | null {
  if (cases.length === 0) return null;
  const squares = cases.map(({ confidence, success }) => (confidence - Number(success)) ** 2);
  return sum(squares) / cases.length;
}

/** The cases by tenths of confidence; empty bins are left out. */
export function reliabilityBins(cases: readonly Case[]): ReliabilityBin[] {
  const byBin = Map.groupBy(cases, binOf);
  return [...byBin].sort(([a], [b]) => a - b).map(([bin, group]) => ({
    from: bin / BINS,
    to: (bin + 1) / BINS,
    cases: group.length,
    mean_confidence: sum(group.map(({ confidence }) => confidence)) / group.length,
    success_share: group.filter(({ success }) => success).length / group.length,
  }));
}

/**
 * Expected calibration error: how far, on average over the cases, a bin's success share lies from
 * its mean confidence. null without cases.
 */
export function calibrationError(bins: readonly ReliabilityBin[]): number | null {
  const cases = sum(bins.map((bin) => bin.cases));
  if (cases === 0) return null;
  const gaps = bins.map((bin) => bin.cases * Math.abs(bin.success_share - bin.mean_confidence));
  return sum(gaps) / cases;
}

/** 0.3 * 10 is 3, but 0.7 * 10 is 7.000000000000001 and 0.29 * 100 is less than 29. */
function binOf({ confidence }: Case): number {
  return Math.min(BINS - 1, Math.floor(confidence * BINS + 1e-9));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

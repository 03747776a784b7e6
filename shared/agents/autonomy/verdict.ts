import {
  brierScore,
  calibrationError,
  type Case,
  type ReliabilityBin,
  reliabilityBins,
} from "./calibration.ts";
import { wilsonInterval } from "./wilson.ts";

/** What a record must show before people are asked for the next level of autonomy. */
export interface Requirements {
  /** Decided cases since the policy was set. */
  cases: number;
  /** Wilson's lower bound of the share of successes. */
  lower_bound: number;
  /** At most. */
  brier_score: number;
  /** At most. */
  calibration_error: number;
}

/** The requirements of every promotion. */
export const requirements: Requirements = {
  cases: 100,
  lower_bound: 0.9,
  brier_score: 0.15,
  calibration_error: 0.1,
};

/** Drift is looked for in this many latest cases. */
export const DRIFT_CASES = 50;

/** What the cases of one policy say, and what follows from it. */
export interface Verdict {
  cases: number;
  successes: number;
  lower_bound: number;
  brier_score: number | null;
  calibration_error: number | null;
  reliability: ReliabilityBin[];
  /** Which requirements of a promotion are not met; none: people may be asked. */
  missing: (keyof Requirements)[];
  /** The latest cases are worse than autonomy allows, beyond chance. */
  drifting: boolean;
}

/** Judges a record, its cases in the order of time. Pure. */
export function judge(cases: readonly Case[], wanted: Requirements = requirements): Verdict {
  const successes = successesOf(cases);
  const reliability = reliabilityBins(cases);
  const measured = {
    cases: cases.length,
    lower_bound: wilsonInterval(successes, cases.length).lower,
    brier_score: brierScore(cases),
    calibration_error: calibrationError(reliability),
  };
  const { brier_score: brier, calibration_error: error } = measured;
  const met: Record<keyof Requirements, boolean> = {
    cases: measured.cases >= wanted.cases,
    lower_bound: measured.lower_bound >= wanted.lower_bound,
    brier_score: brier !== null && brier <= wanted.brier_score,
    calibration_error: error !== null && error <= wanted.calibration_error,
  };
  return {
    ...measured,
    successes,
    reliability,
    missing: (Object.keys(met) as (keyof Requirements)[]).filter((name) => !met[name]),
    drifting: isDrifting(cases, wanted),
  };
}

/** Even the upper bound of the latest cases is below what a promotion asks of the lower one. */
function isDrifting(cases: readonly Case[], wanted: Requirements): boolean {
  if (cases.length < DRIFT_CASES) return false;
  const latest = cases.slice(-DRIFT_CASES);
  return wilsonInterval(successesOf(latest), latest.length).upper < wanted.lower_bound;
}

function successesOf(cases: readonly Case[]): number {
  return cases.filter(({ success }) => success).length;
}

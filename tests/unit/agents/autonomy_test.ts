import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  brierScore,
  calibrationError,
  type Case,
  reliabilityBins,
} from "../../../shared/agents/autonomy/calibration.ts";
import { stepOf } from "../../../shared/agents/autonomy/review_records.ts";
import { judge } from "../../../shared/agents/autonomy/verdict.ts";
import { wilsonInterval } from "../../../shared/agents/autonomy/wilson.ts";

function cases(successes: number, failures: number, confidence = 0.95): Case[] {
  return [
    ...Array.from({ length: failures }, () => ({ confidence, success: false })),
    ...Array.from({ length: successes }, () => ({ confidence, success: true })),
  ];
}

// R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3: Wilson without correction.
const PUBLISHED = [
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
] as const;

Deno.test("Wilson's interval is what Newcombe published", () => {
  for (const [successes, n, lower, upper] of PUBLISHED) {
    const interval = wilsonInterval(successes, n);
    assertAlmostEquals(interval.lower, lower, 0.00005);
    assertAlmostEquals(interval.upper, upper, 0.00005);
  }
  assertEquals(wilsonInterval(0, 0), { lower: 0, upper: 1 });
});

Deno.test("95 of 100 is not promoted at a bound of 0.9, 97 of 100 is", () => {
  assertAlmostEquals(wilsonInterval(95, 100).lower, 0.8882, 0.00005);
  assertEquals(judge(cases(95, 5)).missing, ["lower_bound"]);
  assertEquals(judge(cases(97, 3)).missing, []);
  assertEquals(judge(cases(95, 5), { ...judgeAt(0.88) }).missing, []);
});

function judgeAt(lower_bound: number) {
  return { cases: 100, lower_bound, brier_score: 0.15, calibration_error: 0.1 };
}

Deno.test("99 perfect cases are too few", () => {
  assertEquals(judge(cases(99, 0)).missing, ["cases"]);
  assertEquals(judge(cases(100, 0)).missing, []);
  assertEquals(judge([]).missing, ["cases", "lower_bound", "brier_score", "calibration_error"]);
});

Deno.test("Brier's score is the mean squared error of the confidence", () => {
  // The forecasts of 70 %, 30 % and 50 % of the usual example: rain, rain, either.
  assertAlmostEquals(brierScore([{ confidence: 0.7, success: true }]) ?? NaN, 0.09, 1e-12);
  assertAlmostEquals(brierScore([{ confidence: 0.3, success: true }]) ?? NaN, 0.49, 1e-12);
  assertAlmostEquals(brierScore([{ confidence: 0.5, success: false }]) ?? NaN, 0.25, 1e-12);
  assertEquals(
    brierScore([{ confidence: 1, success: true }, { confidence: 1, success: false }]),
    0.5,
  );
  assertEquals(brierScore([]), null);
});

Deno.test("reliability bins set success beside confidence, the last one closed", () => {
  const mixed = [...cases(3, 1, 0.7), ...cases(1, 1, 0.29), ...cases(2, 0, 1)];
  const bins = reliabilityBins(mixed);
  assertEquals(bins.map(({ from, cases, success_share }) => [from, cases, success_share]), [
    [0.2, 2, 0.5],
    [0.7, 4, 0.75],
    [0.9, 2, 1],
  ]);
  // (2 * 0.21 + 4 * 0.05 + 2 * 0) / 8
  assertAlmostEquals(calibrationError(bins) ?? NaN, 0.0775, 1e-12);
  assertEquals(calibrationError([]), null);
});

Deno.test("an agent that is right but not sure of it is not promoted", () => {
  const verdict = judge(cases(100, 0, 0.5));
  assertEquals(verdict.missing, ["brier_score", "calibration_error"]);
  assertEquals(stepOf(1, verdict), null);
});

Deno.test("drift is a late run of failures that chance does not explain", () => {
  const drifted = [...cases(150, 0), ...cases(40, 10)];
  assert(judge(drifted).drifting);
  assertEquals(stepOf(3, judge(drifted)), "drift");
  assertEquals(judge([...cases(150, 0), ...cases(42, 8)]).drifting, false);
  assertEquals(judge(cases(0, 49)).drifting, false);
  assertEquals(stepOf(1, judge(drifted)), null);
});

Deno.test("a step is one level, and ends at the highest", () => {
  const earned = judge(cases(120, 0));
  assertEquals([0, 1, 2, 3, 4].map((level) => stepOf(level, earned)), [
    "promotion",
    "promotion",
    "promotion",
    "promotion",
    null,
  ]);
});

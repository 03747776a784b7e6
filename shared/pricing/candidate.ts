import { about, atLeast, changeWritten, decimal, written } from "./amount.ts";
import type { Evidence } from "./data_quality.ts";
import { compare, type Fraction, fraction, larger, smaller, times } from "./fraction.ts";
import type { Day, ProductFacts } from "./inputs.ts";
import { endingFrom, endingNear } from "./price_ending.ts";
import type { PricingRules } from "./rules.ts";
import { coverOf } from "./stock_cover.ts";
import { targetOf } from "./target.ts";
import type { Trace } from "./trace.ts";

/**
 * The price that the rules up to the floor give a usable product, in cents; its own price when
 * nothing is to change. Never below the floor.
 */
export function candidateOf(
  facts: ProductFacts,
  evidence: Evidence,
  { rules, today }: { rules: PricingRules; today: Day },
  trace: Trace,
): bigint {
  const target = targetOf(facts, evidence, rules, trace);
  const range = target && rangeOf(target, facts, evidence, { rules, today }, trace);
  const wished = range ? guarded(target, range, facts, { rules, today }, trace) : facts.cents;
  const floor = floorPrice(facts, rules);
  if (compare(fraction(wished), floor) >= 0) return wished;
  const raised = endingFrom(floor, rules);
  trace.say(
    "floor",
    `${written(raised)}: cost and a margin of ${decimal(rules.minimumMargin, 2)} % need ` +
      `${atLeast(floor)}`,
  );
  return raised;
}

/** The exact lowest price that leaves the minimum margin: cost / (1 − margin). */
export function floorPrice({ costCents }: ProductFacts, rules: PricingRules): Fraction {
  return times(fraction(costCents ?? 0n), 10_000n, 10_000n - rules.minimumMargin);
}

interface Range {
  readonly from: Fraction;
  readonly to: Fraction;
}

/** How far one change may go: one step, and not against the stock. Null when it may not at all. */
function rangeOf(
  target: Fraction,
  { cents, ...facts }: ProductFacts,
  { sales }: Evidence,
  { rules, today }: { rules: PricingRules; today: Day },
  trace: Trace,
): Range | null {
  const current = fraction(cents);
  const from = times(current, 10_000n - rules.maximumStep, 10_000n);
  const to = times(current, 10_000n + rules.maximumStep, 10_000n);
  const { forbids, lasts } = coverOf({ cents, ...facts }, sales, rules, today);
  const direction = compare(target, current);
  if ((forbids === "cut" && direction <= 0) || (forbids === "rise" && direction >= 0)) {
    trace.say("cover", `stays: no ${forbids} with stock for ${lasts}`);
    return null;
  }
  return { from: forbids === "cut" ? current : from, to: forbids === "rise" ? current : to };
}

/** The target within its range, after the interval, with the right ending, if it is worth it. */
function guarded(
  target: Fraction,
  range: Range,
  { cents, priceChangedOn }: ProductFacts,
  { rules, today }: { rules: PricingRules; today: Day },
  trace: Trace,
): bigint {
  const within = smaller(larger(target, range.from), range.to);
  if (compare(within, target) !== 0) {
    trace.say("step", `${about(within)}: one step is ${decimal(rules.maximumStep, 2)} % at most`);
  }
  const since = priceChangedOn === null ? null : today - priceChangedOn;
  if (since !== null && since < rules.daysBetweenChanges) {
    trace.say("interval", `stays: changed ${since} days ago, ${rules.daysBetweenChanges} needed`);
    return cents;
  }
  const ended = endingNear(within, range, rules);
  if (ended === null) {
    trace.say("ending", "stays: no price with the right ending within reach");
    return cents;
  }
  const change = ended > cents ? ended - cents : cents - ended;
  if (change * 10_000n < rules.minimumChange * cents) {
    if (change > 0n) trace.say("change", `stays: ${changeWritten(cents, ended)} is too little`);
    return cents;
  }
  trace.say("ending", `${written(ended)} (${changeWritten(cents, ended)})`);
  return ended;
}

import { about, decimal } from "./amount.ts";
import { LEAST_PERIODS } from "./elasticity.ts";
import type { Evidence } from "./data_quality.ts";
import { type Fraction, fraction, midpoint, times } from "./fraction.ts";
import type { ProductFacts } from "./inputs.ts";
import type { PricingRules } from "./rules.ts";
import type { Trace } from "./trace.ts";

/** Demand less elastic than this, in thousandths, has no best price worth naming. */
const LEAST_ELASTIC = -1200n;

/** Where market and demand would put the price, in cents; null when neither says. */
export function targetOf(
  facts: ProductFacts,
  evidence: Evidence,
  rules: PricingRules,
  trace: Trace,
): Fraction | null {
  const market = marketTarget(evidence, rules, trace);
  const demand = demandTarget(facts, evidence, trace);
  if (market && demand) {
    const target = midpoint(market, demand);
    trace.say("target", `${about(target)}, halfway between market and demand`);
    return target;
  }
  return market ?? demand;
}

function marketTarget({ index }: Evidence, rules: PricingRules, trace: Trace): Fraction | null {
  const outliers = index.outliers.length === 0 ? "" : `, ${index.outliers.length} outliers aside`;
  if (!index.median) {
    trace.say("market", `silent: ${index.used.length} competitors with a fresh price${outliers}`);
    return null;
  }
  const target = times(index.median, rules.marketIndex, 10_000n);
  const share = decimal(rules.marketIndex, 2);
  trace.say(
    "market",
    `${about(target)}, ${share} % of the median ${about(index.median)} of ` +
      `${index.used.length} competitors${outliers}`,
  );
  return target;
}

/** The price of greatest profit at constant elasticity e: cost × e / (1 + e). */
function demandTarget(
  { costCents }: ProductFacts,
  { elasticity }: Evidence,
  trace: Trace,
): Fraction | null {
  const { claimed, periods, why } = elasticity;
  if (claimed === null || costCents === null) {
    const needed = periods < LEAST_PERIODS ? ` (${periods} of ${LEAST_PERIODS})` : "";
    trace.say("demand", `silent: ${why}${needed}`);
    return null;
  }
  const e = decimal(claimed, 3);
  if (claimed > LEAST_ELASTIC) {
    trace.say("demand", `silent: an elasticity of ${e} sets no bound to the price`);
    return null;
  }
  const target = times(fraction(costCents), -claimed, -claimed - 1000n);
  trace.say("demand", `${about(target)}, best at an elasticity of ${e} from ${periods} periods`);
  return target;
}

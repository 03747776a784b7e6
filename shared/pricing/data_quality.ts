import { written } from "./amount.ts";
import { type CompetitorIndex, competitorIndex } from "./competitor_index.ts";
import { type Elasticity, elasticityOf } from "./elasticity.ts";
import type { Day, ProductFacts, Sales } from "./inputs.ts";
import { type PricingRules, SALES_DAYS } from "./rules.ts";
import type { Trace } from "./trace.ts";

/**
 * `good`: competitors and demand both speak; `fair`: one of them; `thin`: neither, so that only
 * floor and ladder may move the price; `unusable`: nothing is proposed and no ladder leans on it.
 */
export type Verdict = "good" | "fair" | "thin" | "unusable";

/** The evidence about one product, weighed. */
export interface Evidence {
  readonly verdict: Verdict;
  readonly index: CompetitorIndex;
  readonly elasticity: Elasticity;
  /** The sales of the last half-year, in a fixed order. */
  readonly sales: readonly Sales[];
}

/** Says what the data are worth, before any rule uses them. */
export function weigh(
  facts: ProductFacts,
  rules: PricingRules,
  today: Day,
  trace: Trace,
): Evidence {
  const sales = facts.sales.filter(({ from, days }) =>
    from > today - SALES_DAYS && from + days <= today + 1
  );
  const index = competitorIndex(facts.competitors, today);
  const elasticity = elasticityOf(sales, rules.priorElasticity);
  const fault = faultOf(facts);
  const speak = Number(index.median !== null) + Number(elasticity.claimed !== null);
  const verdict = fault ? "unusable" : speak === 2 ? "good" : speak === 1 ? "fair" : "thin";
  trace.say(
    "data",
    fault ?? `${verdict}: ${index.used.length} competitors, ${elasticity.periods} sales periods`,
  );
  return { verdict, index, elasticity, sales };
}

function faultOf({ cents, costCents }: ProductFacts): string | null {
  if (cents <= 0n) return "unusable: the product has no price";
  if (costCents === null || costCents === 0n) return "unusable: the cost is not known";
  if (costCents > 3n * cents) {
    return `unusable: a cost of ${written(costCents)} is over three times the price`;
  }
  return null;
}

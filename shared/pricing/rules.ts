import type { EventOf } from "../domain/aggregate.ts";
import type { categoryEvents } from "../domain/market.ts";
import { centsOf, hundredths } from "./amount.ts";

/** How the prices of a category are found. Percentages in hundredths: 2000 is 20 %. */
export interface PricingRules {
  readonly minimumMargin: bigint;
  readonly marketIndex: bigint;
  readonly maximumStep: bigint;
  readonly minimumChange: bigint;
  readonly daysBetweenChanges: number;
  readonly lowCoverDays: number;
  readonly highCoverDays: number;
  /** In thousandths: -1800 loses 1.8 % of sales for 1 % more price. */
  readonly priorElasticity: bigint;
  /** In cents: every price is a multiple of the unit plus the ending. */
  readonly endingUnit: bigint;
  readonly ending: bigint;
}

type RulesSet = EventOf<typeof categoryEvents>["data"];

/** The rules as an event states them; what it leaves out is the default. */
export function rulesOf(stated: Partial<RulesSet> = {}): PricingRules {
  const endingUnit = centsOf(stated.ending_unit ?? 1);
  return {
    minimumMargin: hundredths(stated.minimum_margin_percent ?? 20),
    marketIndex: hundredths(stated.market_index_percent ?? 100),
    maximumStep: hundredths(stated.maximum_step_percent ?? 10),
    minimumChange: hundredths(stated.minimum_change_percent ?? 1),
    daysBetweenChanges: stated.days_between_changes ?? 7,
    lowCoverDays: stated.low_cover_days ?? 14,
    highCoverDays: stated.high_cover_days ?? 120,
    priorElasticity: 10n * hundredths(stated.prior_elasticity ?? -1.8),
    endingUnit,
    // An ending is less than its unit.
    ending: centsOf(stated.ending ?? 0.99) % endingUnit,
  };
}

/** An observation of a competitor counts for so many days. */
export const FRESH_DAYS = 14;
/** Sales count for so many days. */
export const SALES_DAYS = 180;
/** Stock cover is of the sales of so many days. */
export const COVER_DAYS = 56;

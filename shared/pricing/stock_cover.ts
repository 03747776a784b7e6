import { compare, type Fraction, fraction, rounded } from "./fraction.ts";
import type { Day, ProductFacts, Sales } from "./inputs.ts";
import { COVER_DAYS, type PricingRules } from "./rules.ts";

/** What the stock forbids, and for how long it lasts, for people. */
export interface Cover {
  readonly forbids: "cut" | "rise" | null;
  readonly lasts: string;
}

/** Units sold in the days that cover is counted by. */
export function recentUnits(sales: readonly Sales[], today: Day): bigint {
  return sales.filter(({ from }) => from > today - COVER_DAYS)
    .reduce((sum, { units }) => sum + units, 0n);
}

/** Scarce stock forbids a cut, plentiful stock a rise. Says nothing where no sale was ever seen. */
export function coverOf(
  { stock }: ProductFacts,
  sales: readonly Sales[],
  rules: PricingRules,
  today: Day,
): Cover {
  if (sales.length === 0) return { forbids: null, lasts: "an unknown time" };
  const units = recentUnits(sales, today);
  if (stock <= 0n) return { forbids: "cut", lasts: "0 days" };
  if (units === 0n) return { forbids: "rise", lasts: "ever: no sale lately" };
  const cover = fraction(stock * BigInt(COVER_DAYS), units);
  const lasts = `${rounded(cover)} days`;
  if (compare(cover, days(rules.lowCoverDays)) < 0) return { forbids: "cut", lasts };
  if (compare(cover, days(rules.highCoverDays)) > 0) return { forbids: "rise", lasts };
  return { forbids: null, lasts };
}

function days(count: number): Fraction {
  return fraction(BigInt(count));
}

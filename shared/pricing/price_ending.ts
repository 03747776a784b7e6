import { ceilingOf, compare, type Fraction, fraction } from "./fraction.ts";
import type { PricingRules } from "./rules.ts";

type Endings = Pick<PricingRules, "endingUnit" | "ending">;

/** The lowest price with the right ending that is not below `least`, and above 0. */
export function endingFrom(least: Fraction, { endingUnit, ending }: Endings): bigint {
  const units = ceilingOf({ n: least.n - ending * least.d, d: least.d * endingUnit });
  const price = (units < 0n ? 0n : units) * endingUnit + ending;
  return price > 0n ? price : endingUnit;
}

/** The price with the right ending that is nearest to `target` (the lower of two), if any lies between. */
export function endingNear(
  target: Fraction,
  { from, to }: { from: Fraction; to: Fraction },
  endings: Endings,
): bigint | null {
  const above = endingFrom(target, endings);
  const below = above - endings.endingUnit;
  const within = [below, above].filter((price) =>
    price > 0n && compare(fraction(price), from) >= 0 && compare(fraction(price), to) <= 0
  );
  const [low, high] = within;
  if (low === undefined || high === undefined) return low ?? null;
  const middle = fraction(low + high, 2n);
  return compare(target, middle) <= 0 ? low : high;
}

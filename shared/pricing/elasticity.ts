import { fraction, rounded } from "./fraction.ts";
import type { Sales } from "./inputs.ts";
import { logarithm } from "./logarithm.ts";

/** How sales answer to price, or why nothing is said about it. */
export interface Elasticity {
  /** In thousandths, shrunk to the prior; null when none is claimed. */
  readonly claimed: bigint | null;
  /** The slope of the regression alone, in thousandths. */
  readonly measured: bigint | null;
  readonly periods: number;
  readonly why: "measured" | "too few periods" | "prices too alike" | "sales rise with the price";
}

/** Fewer periods with sales claim nothing. */
export const LEAST_PERIODS = 4;
/** As many periods as the prior is worth. */
export const PRIOR_PERIODS = 8n;

/**
 * The slope of ln(units a day) over ln(price), by least squares over the periods in which something
 * was sold, drawn to the category's prior: (n × slope + 8 × prior) / (n + 8). Nothing is claimed
 * with fewer than four periods, when the highest price is less than 5 % above the lowest, or when
 * the slope is not below 0. Logarithms have nine decimals; everything else is exact.
 */
export function elasticityOf(sales: readonly Sales[], prior: bigint): Elasticity {
  const sold = sales.filter(({ units, cents }) => units > 0n && cents > 0n);
  const none = { claimed: null, measured: null, periods: sold.length };
  const [first] = sold;
  if (!first || sold.length < LEAST_PERIODS) return { ...none, why: "too few periods" };
  const prices = sold.map(({ cents }) => cents);
  const lowest = prices.reduce((a, b) => a < b ? a : b);
  const highest = prices.reduce((a, b) => a > b ? a : b);
  if (highest * 100n < lowest * 105n) return { ...none, why: "prices too alike" };

  const measured = slope(sold.map(({ cents, units, days }) => ({
    x: logarithm(fraction(cents, lowest)),
    y: logarithm(fraction(units, BigInt(days))),
  })));
  if (measured >= 0n) return { ...none, measured, why: "sales rise with the price" };
  const n = BigInt(sold.length);
  const claimed = rounded(fraction(n * measured + PRIOR_PERIODS * prior, n + PRIOR_PERIODS));
  return { claimed, measured, periods: sold.length, why: "measured" };
}

/** In thousandths; the x are not all the same. */
function slope(points: readonly { x: bigint; y: bigint }[]): bigint {
  const n = BigInt(points.length);
  const sum = (of: (point: { x: bigint; y: bigint }) => bigint) =>
    points.reduce((total, point) => total + of(point), 0n);
  const covariance = n * sum(({ x, y }) => x * y) - sum(({ x }) => x) * sum(({ y }) => y);
  const variance = n * sum(({ x }) => x * x) - sum(({ x }) => x) ** 2n;
  return rounded(fraction(covariance * 1000n, variance));
}

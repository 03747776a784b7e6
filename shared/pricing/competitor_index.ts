import { competitorKey } from "./competitor_name.ts";
import { compare, type Fraction, fraction } from "./fraction.ts";
import { byText, type CompetitorPrice, type Day } from "./inputs.ts";
import { FRESH_DAYS } from "./rules.ts";

/** What competitors ask, as far as it can be believed. */
export interface CompetitorIndex {
  /** In cents; null with fewer than two competitors left. */
  readonly median: Fraction | null;
  readonly used: readonly CompetitorPrice[];
  readonly outliers: readonly CompetitorPrice[];
  /** Too old, out of stock, or of the future. */
  readonly leftOut: number;
}

/**
 * The median of the latest fresh price of each competitor that has stock, without outliers: those
 * more than three standard deviations, estimated as 1.4826 × the median absolute deviation, from
 * the median. The deviation counts as at least 1 % of the median, or agreement would make outliers.
 * A competitor is one however its name was written ({@link competitorKey}).
 */
export function competitorIndex(seen: readonly CompetitorPrice[], today: Day): CompetitorIndex {
  const fresh = seen.filter(({ day }) => day <= today && day > today - FRESH_DAYS);
  const latest = latestOfEach(fresh).filter(({ inStock }) => inStock);
  const leftOut = new Set(seen.map(({ competitor }) => competitorKey(competitor))).size -
    latest.length;
  const outliers = latest.filter(isOutlierOf(latest));
  const used = latest.filter((one) => !outliers.includes(one));
  const median = used.length < 2 ? null : medianOf(used.map(({ cents }) => fraction(cents)));
  return { median, used, outliers, leftOut };
}

/** By competitor; of several at one instant the one that was posted last. */
function latestOfEach(seen: readonly CompetitorPrice[]): CompetitorPrice[] {
  const ordered = seen.map((price) => ({ price, key: competitorKey(price.competitor) }))
    .toSorted((a, b) => byText(a.key, b.key) || latestFirst(a.price, b.price));
  return ordered.filter(({ key }, i) => ordered[i - 1]?.key !== key).map(({ price }) => price);
}

function latestFirst(a: CompetitorPrice, b: CompetitorPrice): number {
  return Date.parse(b.observedAt) - Date.parse(a.observedAt) ||
    b.version - a.version || byText(a.eventId, b.eventId);
}

function isOutlierOf(prices: readonly CompetitorPrice[]): (price: CompetitorPrice) => boolean {
  const values = prices.map(({ cents }) => fraction(cents));
  const [first] = values;
  if (!first || values.length < 3) return () => false;
  const median = medianOf(values);
  const deviation = (cents: Fraction) => absolute(subtract(cents, median));
  const mad = medianOf(values.map(deviation));
  const percent = { n: median.n, d: median.d * 100n };
  const spread = compare(mad, percent) < 0 ? percent : mad;
  const limit = { n: spread.n * 44478n, d: spread.d * 10000n };
  return ({ cents }) => compare(deviation(fraction(cents)), limit) > 0;
}

/** The middle value, or the midpoint of the two; there is at least one value. */
function medianOf(values: readonly Fraction[]): Fraction {
  const sorted = values.toSorted(compare);
  const upper = sorted[sorted.length >> 1] ?? fraction(0n);
  const lower = sorted[(sorted.length - 1) >> 1] ?? upper;
  return { n: lower.n * upper.d + upper.n * lower.d, d: 2n * lower.d * upper.d };
}

function subtract(a: Fraction, b: Fraction): Fraction {
  return { n: a.n * b.d - b.n * a.d, d: a.d * b.d };
}

function absolute({ n, d }: Fraction): Fraction {
  return { n: n < 0n ? -n : n, d };
}

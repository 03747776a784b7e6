/** Days since 1970-01-01. */
export type Day = number;

/** What a competitor was seen to ask. */
export interface CompetitorPrice {
  readonly eventId: string;
  readonly competitor: string;
  readonly cents: bigint;
  /** An instant; the latest of each competitor counts. */
  readonly observedAt: string;
  readonly day: Day;
  /** Of the market aggregate: of two prices at one instant the one that was posted later counts. */
  readonly version: number;
  readonly inStock: boolean;
}

/** Units sold at one price over some days. */
export interface Sales {
  readonly eventId: string;
  readonly cents: bigint;
  readonly units: bigint;
  readonly from: Day;
  readonly days: number;
}

/** All that is known of a product when its price is looked at. */
export interface ProductFacts {
  readonly id: string;
  readonly sku: string;
  /** The version of the product that price, cost and stock were read at. */
  readonly version: number;
  readonly cents: bigint;
  readonly costCents: bigint | null;
  readonly stock: bigint;
  readonly ladder: { readonly name: string; readonly rank: number } | null;
  readonly priceChangedOn: Day | null;
  /** The events that price, cost and ladder come from. */
  readonly eventIds: readonly string[];
  readonly competitors: readonly CompetitorPrice[];
  readonly sales: readonly Sales[];
}

/** Orders text by code unit, the same on every machine. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

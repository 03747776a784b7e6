/** Categories as the golden files write them: amounts as events carry them, ids made of names. */
import type { CompetitorPrice, ProductFacts, Sales } from "../../../shared/pricing/inputs.ts";
import { centsOf } from "../../../shared/pricing/amount.ts";
import { type PricingRules, rulesOf } from "../../../shared/pricing/rules.ts";

/** A category on a day. */
export interface CategoryFile {
  readonly today: number;
  readonly rules: Parameters<typeof rulesOf>[0];
  readonly products: readonly ProductLine[];
}

export interface ProductLine {
  readonly sku: string;
  readonly price: number;
  readonly cost: number | null;
  readonly stock: number;
  readonly ladder?: { name: string; rank: number };
  readonly changed_on?: number;
  /** [competitor, price, day, in stock unless false] */
  readonly competitors?: readonly [string, number, number, boolean?][];
  /** [from, days, units, price] */
  readonly sales?: readonly [number, number, number, number][];
}

export function readCategory(file: CategoryFile): {
  today: number;
  rules: PricingRules;
  products: ProductFacts[];
} {
  return {
    today: file.today,
    rules: rulesOf(file.rules),
    products: file.products.map(factsOf),
  };
}

export function factsOf(line: ProductLine): ProductFacts {
  return {
    id: line.sku,
    sku: line.sku,
    version: 1,
    cents: centsOf(line.price),
    costCents: line.cost === null ? null : centsOf(line.cost),
    stock: BigInt(line.stock),
    ladder: line.ladder ?? null,
    priceChangedOn: line.changed_on ?? null,
    eventIds: [`${line.sku}/created`],
    competitors: (line.competitors ?? []).map((seen, i) => competitorOf(line.sku, seen, i)),
    sales: (line.sales ?? []).map((sold, i) => salesOf(line.sku, sold, i)),
  };
}

function competitorOf(
  sku: string,
  [competitor, price, day, inStock = true]: readonly [string, number, number, boolean?],
  i: number,
): CompetitorPrice {
  const observedAt = new Date(day * 86_400_000).toISOString();
  const eventId = `${sku}/competitor/${i}`;
  return { eventId, competitor, cents: centsOf(price), observedAt, day, version: i + 1, inStock };
}

function salesOf(
  sku: string,
  [from, days, units, price]: readonly [number, number, number, number],
  i: number,
): Sales {
  const eventId = `${sku}/sales/${i}`;
  return { eventId, cents: centsOf(price), units: BigInt(units), from, days };
}

import type { EventOf } from "../domain/aggregate.ts";
import type { categoryEvents, marketEvents } from "../domain/market.ts";
import type { ProductEvent } from "../domain/product.ts";
import { centsOf } from "./amount.ts";
import type { CompetitorPrice, Day, ProductFacts, Sales } from "./inputs.ts";
import { salesOfOrders } from "./order_sales.ts";

/** What is read of an event. */
export interface PricingEvent<Type extends string = string, Data = unknown> {
  readonly id: string;
  readonly event_type: Type;
  readonly aggregate_version: number;
  readonly created_at: string;
  readonly data: Data;
}

type As<E> = E extends { event_type: infer T extends string; data: infer D } ? PricingEvent<T, D>
  : never;
type MarketEvent = As<EventOf<typeof marketEvents>>;
export type ProductFact = As<ProductEvent>;

/** A product as the database gives it, with the events its price is found from, oldest first. */
export interface ProductInput {
  readonly id: string;
  readonly sku: string;
  readonly version: number;
  readonly base_price: number;
  readonly stock_quantity: number;
  readonly cost: number | null;
  /** The version at which something but its stock last changed. */
  readonly changed_at: number | null;
  readonly facts: readonly ProductFact[];
  readonly orders: readonly ProductFact[];
  readonly market: readonly MarketEvent[];
}

/** All that the database knows of a category's prices. */
export interface CategoryInput {
  readonly rules: { id: string; data: EventOf<typeof categoryEvents>["data"] } | null;
  readonly products: readonly ProductInput[];
  /** Products beyond those that are read at once. */
  readonly left_out: number;
}

/** The facts about a product on a day. What a purchase order or a count did to stock is no sale. */
export function factsOf(input: ProductInput, today: Day): ProductFacts {
  const prices = input.facts.filter(isPrice);
  const placed = input.facts.findLast(({ event_type }) => event_type === "product.ladder_placed");
  const changed = prices.findLast(({ event_type }) => event_type !== "product.created");
  return {
    id: input.id,
    sku: input.sku,
    version: input.version,
    cents: centsOf(input.base_price),
    costCents: input.cost === null ? null : centsOf(input.cost),
    stock: BigInt(input.stock_quantity),
    ladder: ladderOf(placed),
    priceChangedOn: changed ? dayOf(changed.created_at) : null,
    eventIds: [prices.at(-1), input.facts.findLast(statesCost), placed]
      .flatMap((event) => event ? [event.id] : []),
    competitors: input.market.flatMap(competitorPrice),
    sales: [
      ...input.market.flatMap(recordedSales),
      ...salesOfOrders(prices, input.orders, today),
    ],
  };
}

/** Days since 1970-01-01 of an instant, in UTC. */
export function dayOf(time: string): Day {
  return Math.floor(Date.parse(time) / 86_400_000);
}

function isPrice({ event_type }: ProductFact): boolean {
  return event_type === "product.created" || event_type.includes("price");
}

function statesCost({ event_type, data }: ProductFact): boolean {
  return event_type === "product.cost_changed" || "cost" in data;
}

function ladderOf(placed: ProductFact | undefined): ProductFacts["ladder"] {
  if (placed?.event_type !== "product.ladder_placed") return null;
  const { ladder, rank } = placed.data;
  return ladder === undefined || rank === undefined ? null : { name: ladder, rank };
}

function competitorPrice(event: MarketEvent): CompetitorPrice[] {
  if (event.event_type !== "market.competitor_price_observed") return [];
  const { competitor, price, observed_at, in_stock } = event.data;
  return [{
    eventId: event.id,
    competitor,
    cents: centsOf(price),
    observedAt: observed_at,
    day: dayOf(observed_at),
    version: event.aggregate_version,
    inStock: in_stock ?? true,
  }];
}

function recordedSales(event: MarketEvent): Sales[] {
  if (event.event_type !== "market.sales_recorded") return [];
  const { from, days, quantity, unit_price } = event.data;
  const cents = centsOf(unit_price);
  return [{ eventId: event.id, cents, units: BigInt(quantity), from: dayOf(from), days }];
}

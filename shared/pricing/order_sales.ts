import { centsOf } from "./amount.ts";
import { dayOf, type ProductFact } from "./facts.ts";
import type { Day, Sales } from "./inputs.ts";
import { SALES_DAYS } from "./rules.ts";

/** A time in which the list price stayed the same, from one price event to the next. */
interface Regime {
  readonly cents: bigint;
  readonly from: Day;
  /** The first day after it. */
  readonly to: Day;
  readonly fromVersion: number;
  readonly toVersion: number;
}

/**
 * Units that orders took out of stock, by list price and week, counted back from today. A week in
 * which nothing was sold is no period, as no slope can be drawn through it.
 */
export function salesOfOrders(
  prices: readonly ProductFact[],
  movements: readonly ProductFact[],
  today: Day,
): Sales[] {
  return regimesOf(prices, today).flatMap((regime) => {
    const sold = movements.flatMap(soldUnits).filter(({ version }) =>
      version > regime.fromVersion && version < regime.toVersion
    );
    const weeks = Map.groupBy(sold, ({ day }) => Math.floor((today - day) / 7));
    return [...weeks].flatMap(([week, lines]) => {
      const [first] = lines;
      if (!first || week * 7 >= SALES_DAYS) return [];
      const from = Math.max(regime.from, today - 7 * week - 6);
      const to = Math.min(regime.to, today - 7 * week + 1);
      const units = lines.reduce((sum, line) => sum + line.units, 0n);
      return [{
        eventId: first.eventId,
        cents: regime.cents,
        units,
        from,
        days: Math.max(1, to - from),
      }];
    });
  });
}

function regimesOf(prices: readonly ProductFact[], today: Day): Regime[] {
  return prices.flatMap((price, i) => {
    const next = prices[i + 1];
    const cents = priceOf(price);
    return cents === null ? [] : [{
      cents,
      from: dayOf(price.created_at),
      to: next ? dayOf(next.created_at) : today + 1,
      fromVersion: price.aggregate_version,
      toVersion: next?.aggregate_version ?? Number.MAX_SAFE_INTEGER,
    }];
  });
}

function priceOf({ data }: ProductFact): bigint | null {
  if ("new_price" in data) return centsOf(data.new_price);
  return "base_price" in data ? centsOf(data.base_price) : null;
}

function soldUnits({ id, event_type, aggregate_version, created_at, data }: ProductFact) {
  if (event_type !== "product.stock_updated" || !("order_id" in data)) return [];
  const { quantity_change = 0 } = data;
  if (quantity_change >= 0) return [];
  const units = BigInt(-quantity_change);
  return [{ eventId: id, version: aggregate_version, day: dayOf(created_at), units }];
}

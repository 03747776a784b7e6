import type { Aggregate } from "./aggregate.ts";
import { product } from "./product.ts";

/** Every aggregate with state tables. A new one is added here and gets a migration. */
export const aggregates: readonly Aggregate[] = [product];

const byType: ReadonlyMap<string, Aggregate> = new Map(
  aggregates.map((aggregate) => [aggregate.type, aggregate]),
);

/** The aggregate of that type; undefined for `system` and for types only the database knows. */
export function findAggregate(type: string): Aggregate | undefined {
  return byType.get(type);
}

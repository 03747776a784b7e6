import { agentDecision } from "./agent_decision.ts";
import type { Aggregate } from "./aggregate.ts";
import { customer } from "./customer.ts";
import { dealer } from "./dealer.ts";
import { order } from "./order.ts";
import { payment } from "./payment.ts";
import { product } from "./product.ts";

/** Every aggregate with state tables. A new one is added here and gets a migration. */
export const aggregates: readonly Aggregate[] = [
  product,
  order,
  payment,
  customer,
  dealer,
  agentDecision,
];

const byType: ReadonlyMap<string, Aggregate> = new Map(
  aggregates.map((aggregate) => [aggregate.type, aggregate]),
);

/** The aggregate of that type; undefined for `system` and for types only the database knows. */
export function findAggregate(type: string): Aggregate | undefined {
  return byType.get(type);
}

/** The generation of each aggregate's code, by type. */
export const generations: Readonly<Record<string, number>> = Object.fromEntries(
  aggregates.map(({ type, generation }) => [type, generation]),
);

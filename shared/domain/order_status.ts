import { DomainError } from "./domain_error.ts";

/**
 * Where an order stands. `draft`: a cart the customer still changes. `placed`: the customer has
 * committed to it. The rest is the shop's work on it.
 */
export const orderStatuses = [
  "draft",
  "placed",
  "processing",
  "on_hold",
  "shipped",
  "fulfilled",
  "cancelled",
] as const;

/** Where an order stands. */
export type OrderStatus = (typeof orderStatuses)[number];

const NEXT: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  draft: ["placed", "cancelled"],
  placed: ["processing", "on_hold", "shipped", "fulfilled", "cancelled"],
  processing: ["on_hold", "shipped", "fulfilled", "cancelled"],
  on_hold: ["placed", "processing", "cancelled"],
  shipped: ["fulfilled"],
  fulfilled: [],
  cancelled: [],
};

/** `to`, when an order may go there from `from`. Throws `DomainError` `impossible_transition`. */
export function orderStatusAfter(from: OrderStatus, to: OrderStatus): OrderStatus {
  if (NEXT[from].includes(to)) return to;
  throw new DomainError("impossible_transition", `A ${from} order cannot become ${to}`);
}

/** How much of an order's total the shop holds. */
export type OrderPaymentStatus = "unpaid" | "partially_paid" | "paid" | "refunded";

/** Derived from the amounts: `held` is what was paid less what was refunded. */
export function orderPaymentStatus(total: number, paid: number, held: number): OrderPaymentStatus {
  if (held <= 0) return paid > 0 ? "refunded" : "unpaid";
  return held >= total ? "paid" : "partially_paid";
}

import { z } from "zod";
import { DomainError } from "./domain_error.ts";
import { id, quantity, sku, text } from "./fields.ts";
import { money, multiplyMoney } from "./money.ts";

/** Most lines an order has. */
export const MAX_LINES = 500;

/** Self-contained: what the customer was shown, so that later price changes do not touch it. */
export const orderItem = z.strictObject({
  product_id: id,
  sku,
  name: text(200),
  quantity,
  unit_price: money,
});

type OrderItemData = z.output<typeof orderItem>;

/** A row of `order_items`. */
export interface OrderItem extends OrderItemData {
  readonly order_id: string;
  readonly line: number;
  /** The order's owner, so that row level security needs no join. */
  readonly owner_id: string | null;
  readonly line_total: number;
}

/** The row of an item at its place. */
export function orderItemRow(
  place: Pick<OrderItem, "order_id" | "owner_id" | "line">,
  data: OrderItemData,
): OrderItem {
  return { ...place, ...data, line_total: multiplyMoney(data.unit_price, data.quantity) };
}

/** The order's items with one more, on the line after the highest. */
export function withItem(
  order: { id: string; owner_id: string | null; items: readonly OrderItem[] },
  data: OrderItemData,
): readonly OrderItem[] {
  if (order.items.length === MAX_LINES) {
    throw new DomainError("out_of_range", `The order has ${MAX_LINES} lines already`);
  }
  const line = (order.items.at(-1)?.line ?? 0) + 1;
  const place = { order_id: order.id, owner_id: order.owner_id, line };
  return [...order.items, orderItemRow(place, data)];
}

/** The items but for one line; the other lines keep their numbers. */
export function withoutLine(items: readonly OrderItem[], line: number): readonly OrderItem[] {
  const rest = items.filter((item) => item.line !== line);
  if (rest.length < items.length) return rest;
  throw new DomainError("unknown_item", `The order has no line ${line}`);
}

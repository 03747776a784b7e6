import {
  type Aggregate,
  type AggregateState,
  type Body,
  DomainError,
  type NewEvent,
  requireCreated,
  requireNew,
} from "./aggregate.ts";
import type { Address } from "./fields.ts";
import { addMoney, subtractMoney } from "./money.ts";
import { type OrderEvent, orderEvents } from "./order_events.ts";
import { type OrderItem, orderItemRow, withItem, withoutLine } from "./order_items.ts";
import {
  type OrderPaymentStatus,
  orderPaymentStatus,
  type OrderStatus,
  orderStatusAfter,
} from "./order_status.ts";

/** A row of `orders` with its items in the order of their lines. */
export interface OrderState extends AggregateState {
  readonly customer_id: string;
  readonly status: OrderStatus;
  readonly payment_status: OrderPaymentStatus;
  readonly total: number;
  readonly amount_paid: number;
  readonly amount_refunded: number;
  readonly notes: string | null;
  readonly shipping_address: Address | null;
  readonly placed_at: string | null;
  readonly fulfilled_at: string | null;
  readonly carrier: string | null;
  readonly tracking_number: string | null;
  readonly cancelled_at: string | null;
  readonly cancellation_reason: string | null;
  readonly items: readonly OrderItem[];
}

/** Orders: from a customer's cart to goods delivered. */
export const order: Aggregate<OrderState, OrderEvent> = {
  type: "order",
  generation: 1,
  table: "orders",
  children: { items: { table: "order_items", key: ["order_id", "line"], parent: "order_id" } },
  eventTypes: orderEvents,
  evolve(state, event) {
    if (event.event_type === "order.created") return created(state, event);
    return changed(requireCreated(state, event), event);
  },
  effects(state, event) {
    return event.event_type === "order.fulfilled" ? state.items.map(stockTaken) : [];
  },
};

type Created = Extract<OrderEvent, { event_type: "order.created" }>;
type Changed = Exclude<OrderEvent, Created>;

function created(state: OrderState | null, event: Created): Body<OrderState> {
  requireNew(state, event);
  const { customer_id, items, notes } = event.data;
  const draft: Body<OrderState> = {
    customer_id,
    status: "draft",
    payment_status: "unpaid",
    total: 0,
    amount_paid: 0,
    amount_refunded: 0,
    notes: notes ?? null,
    shipping_address: null,
    placed_at: null,
    fulfilled_at: null,
    carrier: null,
    tracking_number: null,
    cancelled_at: null,
    cancellation_reason: null,
    items: [],
  };
  const place = { order_id: event.aggregate_id, owner_id: event.owner_id };
  return withItems(
    draft,
    items.map((data, index) => orderItemRow({ ...place, line: index + 1 }, data)),
  );
}

function changed(state: OrderState, event: Changed): Body<OrderState> {
  switch (event.event_type) {
    case "order.item_added":
      return withItems(state, withItem(requireDraft(state), event.data));
    case "order.item_removed":
      return withItems(state, withoutLine(requireDraft(state).items, event.data.line));
    case "order.placed":
      return placed(state, event);
    case "order.payment_received":
      return paid(state, event);
    case "order.status_changed":
      return statusChanged(state, event.data);
    case "order.fulfilled":
      return {
        ...state,
        status: orderStatusAfter(state.status, "fulfilled"),
        fulfilled_at: event.created_at,
        carrier: event.data.carrier ?? null,
        tracking_number: event.data.tracking_number ?? null,
      };
    case "order.cancelled":
      return {
        ...state,
        status: orderStatusAfter(state.status, "cancelled"),
        cancelled_at: event.created_at,
        cancellation_reason: event.data.reason,
      };
    case "order.refunded":
      return refunded(state, event.data.amount);
  }
}

function placed(
  state: OrderState,
  event: Extract<OrderEvent, { event_type: "order.placed" }>,
): Body<OrderState> {
  const { total, shipping_address } = event.data;
  if (total !== state.total) {
    throw new DomainError("total_mismatch", `Placed at ${total}, the items make ${state.total}`);
  }
  return {
    ...state,
    ...commitment(state, event.created_at),
    shipping_address: shipping_address ?? null,
  };
}

function paid(
  state: OrderState,
  event: Extract<OrderEvent, { event_type: "order.payment_received" }>,
): Body<OrderState> {
  const amount_paid = addMoney(state.amount_paid, event.data.amount);
  const commits = state.status === "draft" ? commitment(state, event.created_at) : {};
  return withPaymentStatus({ ...state, ...commits, amount_paid });
}

/** Money may come in late, even for a cancelled order: then it is held until it is refunded. */
function withPaymentStatus(body: Body<OrderState>): Body<OrderState> {
  const held = subtractMoney(body.amount_paid, body.amount_refunded);
  return { ...body, payment_status: orderPaymentStatus(body.total, body.amount_paid, held) };
}

function commitment(state: OrderState, at: string): Pick<OrderState, "status" | "placed_at"> {
  if (state.items.length === 0) {
    throw new DomainError("impossible_transition", "An order without items cannot be placed");
  }
  return { status: orderStatusAfter(state.status, "placed"), placed_at: at };
}

function statusChanged(
  state: OrderState,
  data: { old_status: OrderStatus; new_status: OrderStatus },
): Body<OrderState> {
  if (data.old_status === state.status) {
    return { ...state, status: orderStatusAfter(state.status, data.new_status) };
  }
  const message = `Moved from ${data.old_status}, but the order is ${state.status}`;
  throw new DomainError("impossible_transition", message);
}

function refunded(state: OrderState, amount: number): Body<OrderState> {
  const amount_refunded = addMoney(state.amount_refunded, amount);
  if (amount_refunded > state.amount_paid) {
    const message = `Refunds of ${amount_refunded} exceed the ${state.amount_paid} paid`;
    throw new DomainError("refund_exceeds_payment", message);
  }
  return withPaymentStatus({ ...state, amount_refunded });
}

function requireDraft(state: OrderState): OrderState {
  if (state.status === "draft") return state;
  const message = `The items of a ${state.status} order cannot change`;
  throw new DomainError("impossible_transition", message);
}

function withItems(body: Body<OrderState>, items: readonly OrderItem[]): Body<OrderState> {
  return { ...body, items, total: addMoney(...items.map((item) => item.line_total)) };
}

function stockTaken(item: OrderItem): NewEvent {
  return {
    event_type: "product.stock_updated",
    aggregate_type: "product",
    aggregate_id: item.product_id,
    data: {
      quantity_change: -item.quantity,
      reason: "order_fulfilled",
      order_id: item.order_id,
    },
  };
}

import { z } from "zod";
import {
  type Aggregate,
  type AggregateState,
  type Body,
  DomainError,
  type EventOf,
  requireCreated,
} from "./aggregate.ts";
import { backOffice, eventTypes } from "./event_type.ts";
import { id, reason, text } from "./fields.ts";
import { addMoney, positiveMoney } from "./money.ts";
import { type PaymentMethod, paymentMethod } from "./payment_method.ts";

const attempt = {
  order_id: id,
  amount: positiveMoney,
  method: paymentMethod,
  reference: text(200).optional().describe("The number the bank or provider gave"),
};

/** The facts about a payment: one attempt of a customer to pay for an order. */
export const paymentEvents = eventTypes({
  "payment.failed": {
    description: "The attempt brought no money. A later try on the same payment may succeed.",
    schema: z.strictObject({ ...attempt, reason }),
    example: {
      order_id: "123e4567-e89b-12d3-a456-426614174300",
      amount: 10998,
      method: "upi",
      reason: "The bank did not answer in time",
    },
    postedBy: backOffice,
  },
  "payment.received": {
    description: "The money arrived. Counts towards the order.",
    schema: z.strictObject(attempt),
    example: {
      order_id: "123e4567-e89b-12d3-a456-426614174300",
      amount: 10998,
      method: "upi",
      reference: "UPI-530114227781",
    },
    postedBy: backOffice,
  },
  "payment.refunded": {
    description: "Money went back to the customer, in part or whole.",
    schema: z.strictObject({ amount: positiveMoney, reason }),
    example: { amount: 5499, reason: "One pump was faulty" },
    postedBy: backOffice,
  },
});

/** An event of a payment. */
export type PaymentEvent = EventOf<typeof paymentEvents>;

/** A row of `payments`. */
export interface PaymentState extends AggregateState {
  readonly order_id: string;
  readonly amount: number;
  readonly amount_refunded: number;
  readonly method: PaymentMethod;
  readonly reference: string | null;
  readonly status: "failed" | "received" | "partially_refunded" | "refunded";
  readonly failure_reason: string | null;
}

/** Payments: money that came in for orders. */
export const payment: Aggregate<PaymentState, PaymentEvent> = {
  type: "payment",
  generation: 1,
  table: "payments",
  children: {},
  eventTypes: paymentEvents,
  evolve(state, event) {
    switch (event.event_type) {
      case "payment.failed":
        return {
          ...attempted(state, event.data),
          status: "failed",
          failure_reason: event.data.reason,
        };
      case "payment.received":
        return { ...attempted(state, event.data), status: "received", failure_reason: null };
      case "payment.refunded":
        return refunded(requireCreated(state, event), event.data.amount);
    }
  },
  effects(state, event) {
    const onOrder = { aggregate_type: "order", aggregate_id: state.order_id };
    switch (event.event_type) {
      case "payment.failed":
        return [];
      case "payment.received": {
        const data = { payment_id: state.id, amount: event.data.amount, method: event.data.method };
        return [{ ...onOrder, event_type: "order.payment_received", data }];
      }
      case "payment.refunded": {
        const data = { payment_id: state.id, ...event.data };
        return [{ ...onOrder, event_type: "order.refunded", data }];
      }
    }
  },
};

type Attempt = Extract<PaymentEvent, { event_type: "payment.received" }>["data"];

function attempted(
  state: PaymentState | null,
  data: Attempt,
): Pick<PaymentState, "order_id" | "amount" | "amount_refunded" | "method" | "reference"> {
  if (state && state.status !== "failed") {
    throw new DomainError("impossible_transition", `The payment is ${state.status} already`);
  }
  return {
    order_id: data.order_id,
    amount: data.amount,
    amount_refunded: 0,
    method: data.method,
    reference: data.reference ?? null,
  };
}

function refunded(state: PaymentState, amount: number): Body<PaymentState> {
  if (state.status === "failed") {
    throw new DomainError("impossible_transition", "A failed payment has nothing to refund");
  }
  const amount_refunded = addMoney(state.amount_refunded, amount);
  if (amount_refunded > state.amount) {
    const message = `Refunds of ${amount_refunded} exceed the ${state.amount} received`;
    throw new DomainError("refund_exceeds_payment", message);
  }
  const status = amount_refunded === state.amount ? "refunded" : "partially_refunded";
  return { ...state, amount_refunded, status };
}

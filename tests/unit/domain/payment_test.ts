import { assertEquals } from "@std/assert";
import { effectsOf } from "../../../shared/domain/aggregate.ts";
import { payment } from "../../../shared/domain/payment.ts";
import { assertRefused, type Fact, ID, lastEvent, stateAfter } from "./story.ts";

const ORDER = "123e4567-e89b-12d3-a456-426614174300";
const ATTEMPT = { order_id: ORDER, amount: 100.5, method: "card" };
const FAILED: Fact = ["payment.failed", { ...ATTEMPT, reason: "Declined" }];
const RECEIVED: Fact = ["payment.received", { ...ATTEMPT, reference: "R-1" }];
const refunded = (amount: number): Fact => ["payment.refunded", { amount, reason: "Faulty" }];

Deno.test("a payment that arrived is received", () => {
  const state = stateAfter(payment, RECEIVED);
  assertEquals([state.status, state.amount, state.amount_refunded], ["received", 100.5, 0]);
  assertEquals([state.order_id, state.reference], [ORDER, "R-1"]);
});

Deno.test("an attempt that failed may fail again and then succeed", () => {
  const failed = stateAfter(payment, FAILED, FAILED);
  assertEquals([failed.status, failed.failure_reason], ["failed", "Declined"]);
  const state = stateAfter(payment, FAILED, RECEIVED);
  assertEquals([state.status, state.failure_reason], ["received", null]);
});

Deno.test("a payment arrives once and cannot fail afterwards", () => {
  assertRefused("impossible_transition", payment, RECEIVED, RECEIVED);
  assertRefused("impossible_transition", payment, RECEIVED, FAILED);
});

Deno.test("refunds add up to the amount and no further", () => {
  const part = stateAfter(payment, RECEIVED, refunded(100));
  assertEquals([part.status, part.amount_refunded], ["partially_refunded", 100]);
  const whole = stateAfter(payment, RECEIVED, refunded(100), refunded(0.5));
  assertEquals([whole.status, whole.amount_refunded], ["refunded", 100.5]);
  assertRefused("refund_exceeds_payment", payment, RECEIVED, refunded(100), refunded(0.51));
});

Deno.test("what never arrived cannot be refunded", () => {
  assertRefused("not_yet_created", payment, refunded(1));
  assertRefused("impossible_transition", payment, FAILED, refunded(1));
});

Deno.test("a payment received is told to its order", () => {
  assertEquals(effectsOfLast(RECEIVED), [{
    event_type: "order.payment_received",
    aggregate_type: "order",
    aggregate_id: ORDER,
    data: { payment_id: ID, amount: 100.5, method: "card" },
  }]);
});

Deno.test("a refund is told to the order with its own amount", () => {
  assertEquals(effectsOfLast(RECEIVED, refunded(40), refunded(2)), [{
    event_type: "order.refunded",
    aggregate_type: "order",
    aggregate_id: ORDER,
    data: { payment_id: ID, amount: 2, reason: "Faulty" },
  }]);
});

Deno.test("a failed payment is told to nobody", () => {
  assertEquals(effectsOfLast(FAILED), []);
});

function effectsOfLast(...facts: Fact[]) {
  return effectsOf(payment, stateAfter(payment, ...facts), lastEvent("payment", ...facts));
}

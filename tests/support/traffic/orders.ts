import type { Dice } from "./dice.ts";
import type { Article } from "./products.ts";
import { type Post, type Step, step, type Story, type Writer } from "./story.ts";

type Scribe = (aggregateType: string, aggregateId: string) => Writer;

/** From a cart to goods delivered or an order cancelled, with its payment and refund. */
export function orderStory(dice: Dice, write: Scribe, shelf: readonly Article[]): Story {
  const orderId = dice.uuid();
  const order = write("order", orderId);
  const cart = fillCart(dice, order, shelf);
  return [
    ...cart.steps,
    step(order("order.placed", { total: cart.cents / 100 })),
    ...payment(dice, write("payment", dice.uuid()), orderId, cart.cents),
    ...(dice.chance(80) ? delivery(dice, order) : [
      step(order("order.cancelled", { reason: "wrong model" })),
    ]),
  ];
}

function fillCart(dice: Dice, order: Writer, shelf: readonly Article[]) {
  const lines = Array.from({ length: dice.integer(1, 3) }, () => line(dice, shelf));
  const customer_id = dice.uuid();
  const steps: Step[] = [
    step(order("order.created", { customer_id, items: lines.map(({ item }) => item) })),
  ];
  if (dice.chance(50)) {
    const added = line(dice, shelf);
    const put = order("order.item_added", added.item);
    const taken = order("order.item_removed", { line: 1 });
    steps.push(...dice.chance(50) ? [step(put, taken)] : [step(put), step(taken)]);
    lines.push(added);
    lines.shift();
  }
  return { steps, cents: lines.reduce((sum, { cents }) => sum + cents, 0) };
}

function line(dice: Dice, shelf: readonly Article[]) {
  const { product_id, sku, name, unit_price } = dice.pick(shelf);
  const quantity = dice.integer(1, 5);
  const cents = Math.round(unit_price * 100) * quantity;
  return { item: { product_id, sku, name, quantity, unit_price }, cents };
}

function payment(dice: Dice, event: Writer, order_id: string, cents: number): Step[] {
  const attempt = { order_id, amount: cents / 100, method: "upi" };
  const steps: Post[] = [event("payment.received", attempt)];
  if (dice.chance(30)) {
    steps.unshift(event("payment.failed", { ...attempt, reason: "the bank did not answer" }));
  }
  if (dice.chance(30)) {
    const amount = dice.integer(1, cents) / 100;
    steps.push(event("payment.refunded", { amount, reason: "one was faulty" }));
  }
  return steps.map((post) => step(post));
}

function delivery(dice: Dice, order: Writer): Step[] {
  const moved = (old_status: string, new_status: string) =>
    step(order("order.status_changed", { old_status, new_status }));
  const detour = dice.chance(30)
    ? [moved("placed", "on_hold"), moved("on_hold", "processing")]
    : [moved("placed", "processing")];
  return [
    ...detour,
    moved("processing", "shipped"),
    step(order("order.fulfilled", { carrier: "Blue Dart" })),
  ];
}

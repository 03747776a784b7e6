/** What follows from an event in another aggregate is an event of its own: posted once, whatever crashes or repeats. */
import { assertEquals } from "@std/assert";
import { eventually } from "../../support/eventually.ts";
import { assertSettled } from "../../support/oracle.ts";
import type { LoggedEvent } from "../../support/oracle/image.ts";
import { created, many, moved, type NewEvent, post } from "./events.ts";
import { drainHere, drainToRest, expireLeases, managerStack, storeOf } from "./manager_stack.ts";
import { productOf } from "./seen.ts";

const manager = managerStack();

/** An order of two articles, three of the first and one of the second, fulfilled. */
function fulfilledOrder(first: string, second: string): NewEvent[] {
  const aggregate_id = crypto.randomUUID();
  const order = (event_type: string, data: NewEvent["data"]) => ({
    event_type,
    aggregate_type: "order",
    aggregate_id,
    data,
  });
  const item = { sku: "E-1", name: "Pump", unit_price: 10.5 };
  const items = [
    { ...item, product_id: first, quantity: 3 },
    { ...item, product_id: second, quantity: 1 },
  ];
  return [
    order("order.created", { customer_id: crypto.randomUUID(), items }),
    order("order.placed", { total: 42 }),
    order("order.fulfilled", {}),
  ];
}

/** Two articles with ten pieces each. */
async function twoArticles(): Promise<[string, string]> {
  const ids: [string, string] = [crypto.randomUUID(), crypto.randomUUID()];
  await post(manager, ...ids.flatMap((id) => [created(id), moved(id, 10)]));
  return ids;
}

async function effectsOf(cause: LoggedEvent | undefined) {
  const rows = await manager.sql`
    select event_type, aggregate_id, data, created_by, correlation_id, idempotency_key, causation_id
    from public.events where causation_id = ${cause?.id ?? null} order by event_number`;
  return rows.map((row) => ({ ...row }));
}

Deno.test("an order fulfilled lowers stock by new events that name their cause", async () => {
  const [first, second] = await twoArticles();
  const [, , fulfilled] = await post(manager, ...fulfilledOrder(first, second));
  await drainHere(manager);
  const effect = (aggregate_id: string, quantity: number, index: number) => ({
    event_type: "product.stock_updated",
    aggregate_id,
    data: {
      quantity_change: -quantity,
      reason: "order_fulfilled",
      order_id: fulfilled?.aggregate_id,
    },
    created_by: "system",
    correlation_id: fulfilled?.id,
    idempotency_key: `effect:${fulfilled?.id}:${index}`,
    causation_id: fulfilled?.id,
  });
  assertEquals(await effectsOf(fulfilled), [effect(first, 3, 0), effect(second, 1, 1)]);
  assertEquals(await productOf(manager, first), { stock_quantity: 7, version: 3 });
  assertEquals(await productOf(manager, second), { stock_quantity: 9, version: 3 });
  await assertSettled(manager.sql);
});

Deno.test("a correlation goes on to the effects", async () => {
  const [first, second] = await twoArticles();
  const correlation_id = crypto.randomUUID();
  const events = fulfilledOrder(first, second).map((event) => ({ ...event, correlation_id }));
  const [, , fulfilled] = await post(manager, ...events);
  await drainHere(manager);
  const found = await effectsOf(fulfilled);
  assertEquals(found.map((effect) => effect.correlation_id), [correlation_id, correlation_id]);
});

Deno.test("a payment received and refunded counts towards its order, once each", async () => {
  const [first, second] = await twoArticles();
  const [placed] = await post(manager, ...fulfilledOrder(first, second).slice(0, 2));
  const aggregate_id = crypto.randomUUID();
  const payment = (event_type: string, data: NewEvent["data"]) => ({
    event_type,
    aggregate_type: "payment",
    aggregate_id,
    data,
  });
  const order_id = placed?.aggregate_id;
  await post(
    manager,
    payment("payment.received", { order_id, amount: 42, method: "upi" }),
    payment("payment.refunded", { amount: 10.5, reason: "one was faulty" }),
  );
  await drainHere(manager);
  const [order] = await manager.sql`
    select amount_paid, amount_refunded, payment_status, version::int from public.orders
    where id = ${order_id ?? null}`;
  assertEquals({ ...order }, {
    amount_paid: "42.00",
    amount_refunded: "10.50",
    payment_status: "partially_paid",
    version: 4,
  });
  await assertSettled(manager.sql);
});

Deno.test("a worker that dies after its commit, or before it, doubles and loses no effect", async () => {
  const [first, second] = await twoArticles();
  await drainHere(manager);
  for (const dies of ["before", "after"]) {
    await post(manager, ...fulfilledOrder(first, second));
    const store = storeOf(manager);
    await drainHere(manager, {}, {
      ...store,
      async commit(...batch) {
        if (dies === "after") await store.commit(...batch);
        throw new Error("killed");
      },
      release: () => Promise.reject(new Error("killed")),
    }).catch(() => {});
    await expireLeases(manager);
    await drainHere(manager);
  }
  assertEquals(await productOf(manager, first), { stock_quantity: 4, version: 4 });
  assertEquals(await productOf(manager, second), { stock_quantity: 8, version: 4 });
  await assertSettled(manager.sql);
});

Deno.test("doubled webhooks and workers double no effect", async () => {
  const { pgNet } = manager.stack;
  const [first, second] = await twoArticles();
  pgNet.reroute((batch) => batch.flatMap((delivery) => [delivery, delivery]));
  pgNet.resume();
  await Promise.all([
    ...many(5, () => post(manager, ...fulfilledOrder(first, second))),
    ...many(2, () => drainHere(manager, { batch: 2, partitions: 2 })),
  ]);
  await eventually(async () =>
    assertEquals((await productOf(manager, first))?.stock_quantity, 10 - 15)
  );
  await pgNet.pause();
  pgNet.reroute();
  await drainToRest(manager);
  assertEquals(await productOf(manager, first), { stock_quantity: -5, version: 7 });
  assertEquals(await productOf(manager, second), { stock_quantity: 5, version: 7 });
  await assertSettled(manager.sql);
});

Deno.test("an effect that its aggregate refuses parks that aggregate, not the cause", async () => {
  const unknown = crypto.randomUUID();
  const [known] = await twoArticles();
  const [, , fulfilled] = await post(manager, ...fulfilledOrder(known, unknown));
  await drainToRest(manager);
  assertEquals(await productOf(manager, known), { stock_quantity: 7, version: 3 });
  const { blocked, events } = await assertSettled(manager.sql);
  assertEquals(events.find((event) => event.id === fulfilled?.id)?.processed, true);
  const [barrier] = blocked.filter(({ aggregate_id }) => aggregate_id === unknown);
  assertEquals(barrier?.error_code, "not_yet_created");
});

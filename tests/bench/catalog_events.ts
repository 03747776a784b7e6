/** Events of the catalog as they are posted: valid, distinct, in the order their aggregates need. */

/** One event in the body of a request or the argument of post_events. */
export interface BenchEvent {
  event_type: string;
  aggregate_type: "product" | "order";
  aggregate_id: string;
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  idempotency_key: string;
}

const metadata = { source: "bench" };

/** Turn by turn the creation of a new product and the change of its price, for ever. */
export function* productEvents(): Generator<BenchEvent, never> {
  for (;;) {
    const id = crypto.randomUUID();
    yield created(id);
    yield priceChanged(id);
  }
}

/** Turn by turn the creation of a new order and its payment, for ever. */
export function* orderEvents(): Generator<BenchEvent, never> {
  for (;;) {
    const id = crypto.randomUUID();
    yield orderCreated(id, crypto.randomUUID());
    yield paid(id);
  }
}

/**
 * The life of products and orders, `count` events: each product is created, gets another price and
 * new stock; each order is created and paid. Neighbours belong to different aggregates.
 */
export function shopEvents(count: number): BenchEvent[] {
  const aggregates = Math.ceil(count / 5);
  const products = Array.from({ length: aggregates }, () => crypto.randomUUID());
  const orders = products.map((product) => ({ id: crypto.randomUUID(), product }));
  return [
    ...products.map(created),
    ...orders.map(({ id, product }) => orderCreated(id, product)),
    ...products.map(priceChanged),
    ...orders.map(({ id }) => paid(id)),
    ...products.map(stockUpdated),
  ].slice(0, count);
}

function created(id: string): BenchEvent {
  const data = {
    sku: `BENCH-${id}`,
    name: "0.5HP Submersible Pump",
    base_price: 5999,
    category: "submersible-pumps",
    description: "Stainless steel, 50 litres a minute, 20 m head.",
    stock_quantity: 12,
  };
  return about("product", id, "product.created", data);
}

function priceChanged(id: string): BenchEvent {
  const data = { old_price: 5999, new_price: 5499, reason: "competitor_match" };
  return about("product", id, "product.price_changed", data);
}

function stockUpdated(id: string): BenchEvent {
  const data = { quantity_change: -2, reason: "Damaged in the warehouse" };
  return about("product", id, "product.stock_updated", data);
}

function orderCreated(id: string, product: string): BenchEvent {
  const item = {
    product_id: product,
    sku: `BENCH-${product}`,
    name: "0.5HP Submersible Pump",
    quantity: 2,
    unit_price: 5499,
  };
  const customer_id = "123e4567-e89b-12d3-a456-426614174100";
  return about("order", id, "order.created", { customer_id, items: [item] });
}

function paid(id: string): BenchEvent {
  return about("order", id, "order.payment_received", { amount: 10998, method: "upi" });
}

function about(
  aggregate_type: BenchEvent["aggregate_type"],
  aggregate_id: string,
  event_type: string,
  data: Record<string, unknown>,
): BenchEvent {
  const idempotency_key = `${event_type} ${aggregate_id}`;
  return { event_type, aggregate_type, aggregate_id, data, metadata, idempotency_key };
}

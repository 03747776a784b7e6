import { z } from "zod";
import {
  type Aggregate,
  type AggregateState,
  type Body,
  DomainError,
  type EventOf,
  requireCreated,
  requireNew,
} from "./aggregate.ts";
import { backOffice, eventTypes } from "./event_type.ts";
import { date, id, namesAField, reason, sku, text } from "./fields.ts";
import { money } from "./money.ts";

const MAX_STOCK = 1_000_000_000;
const stock = z.int().min(0).max(MAX_STOCK);

const PUMP = { sku: "SUBM-05HP-DOM-SS-50LPM-20M", name: "0.5HP Submersible Pump" };

/** The facts about a product. */
export const productEvents = eventTypes({
  "product.created": {
    description: "A product was added to the range. Stock starts at 0 unless stated.",
    schema: z.strictObject({
      sku,
      name: text(200),
      base_price: money,
      category: text(100).optional(),
      description: text(5000).optional(),
      cost: money.optional().describe("What the shop pays; seen by staff only"),
      stock_quantity: stock.optional(),
    }),
    example: {
      ...PUMP,
      base_price: 5999,
      category: "submersible-pumps",
      description: "Stainless steel, 50 litres a minute, 20 m head.",
      cost: 4100.5,
      stock_quantity: 12,
    },
    postedBy: backOffice,
  },
  "product.updated": {
    description: "The description of a product changed; only the named fields. null clears one.",
    schema: z.strictObject({
      name: text(200).optional(),
      category: text(100).nullable().optional(),
      description: text(5000).nullable().optional(),
      cost: money.nullable().optional().describe("What the shop pays; seen by staff only"),
    }).refine(namesAField, "Expected at least one field").meta({ minProperties: 1 }),
    example: { name: "0.5HP Submersible Pump, stainless steel", cost: 3990 },
    postedBy: backOffice,
    touches: ["name", "category", "description", "cost"],
  },
  "product.price_changed": {
    description: "The list price changed. The new price holds from now on, whatever the old was.",
    schema: z.strictObject({
      old_price: money,
      new_price: money,
      reason,
      effective_date: date.optional(),
    }),
    example: { old_price: 5999, new_price: 5499, reason: "competitor_match" },
    postedBy: backOffice,
    touches: ["base_price"],
    measures: "base_price",
    restates: { old_price: "base_price" },
  },
  "price.changed": {
    description: "The list price changed, with the day from which it is advertised.",
    schema: z.strictObject({ old_price: money, new_price: money, reason, effective_date: date }),
    example: {
      old_price: 5999,
      new_price: 5499,
      reason: "competitor_match",
      effective_date: "2025-10-27",
    },
    postedBy: backOffice,
    touches: ["base_price"],
    measures: "base_price",
    restates: { old_price: "base_price" },
  },
  "product.price_corrected": {
    description: "A wrong price was put right; compensates an earlier price event.",
    schema: z.strictObject({
      old_price: money,
      new_price: money,
      reason,
      corrected_event_id: id.optional().describe("The event that stated the wrong price"),
    }),
    example: {
      old_price: 549.9,
      new_price: 5499,
      reason: "Decimal point in the wrong place",
      corrected_event_id: "01932b7e-5d00-7000-8000-000000000003",
    },
    postedBy: backOffice,
    touches: ["base_price"],
    measures: "base_price",
    restates: { old_price: "base_price" },
  },
  "product.stock_updated": {
    description: "Stock was counted (stock_quantity) or moved (quantity_change, signed).",
    schema: z.strictObject({
      stock_quantity: stock.optional(),
      quantity_change: z.int().min(-MAX_STOCK).max(MAX_STOCK).optional(),
      reason,
      order_id: id.optional().describe("The order that took the goods"),
    }).refine(
      (data) => (data.stock_quantity === undefined) !== (data.quantity_change === undefined),
      "Expected exactly one of stock_quantity and quantity_change",
    ).meta({ oneOf: [{ required: ["stock_quantity"] }, { required: ["quantity_change"] }] }),
    example: { quantity_change: -2, reason: "Damaged in the warehouse" },
    postedBy: backOffice,
    touches: ["stock_quantity"],
    measures: "stock_quantity",
  },
  "product.cost_changed": {
    description: "What the shop pays for a product changed.",
    schema: z.strictObject({
      old_cost: money.optional(),
      new_cost: money.describe("Seen by staff only"),
      reason,
      supplier: text(200).optional(),
    }),
    example: { old_cost: 4100.5, new_cost: 4250, reason: "Copper went up", supplier: "Kirloskar" },
    postedBy: backOffice,
    touches: ["cost"],
    restates: { old_cost: "costs.0.cost" },
  },
  "product.ladder_placed": {
    description: "A product took its place among sizes or tiers of one kind; no data: left it.",
    schema: z.strictObject({
      ladder: text(100).optional(),
      rank: z.int().min(1).max(1000).optional().describe("A higher rank is never cheaper"),
    }).refine(
      (data) => (data.ladder === undefined) === (data.rank === undefined),
      "Expected ladder and rank, or neither",
    ).meta({ dependentRequired: { ladder: ["rank"], rank: ["ladder"] } }),
    example: { ladder: "submersible-domestic", rank: 1 },
    postedBy: backOffice,
    touches: ["ladder"],
  },
  "product.discontinued": {
    description: "The product is no longer sold.",
    schema: z.strictObject({ reason }),
    example: { reason: "Replaced by the 0.75HP model" },
    postedBy: backOffice,
  },
  "product.reinstated": {
    description: "A discontinued product is sold again.",
    schema: z.strictObject({ reason }),
    example: { reason: "The supplier resumed production" },
    postedBy: backOffice,
  },
});

/** An event of a product. */
export type ProductEvent = EventOf<typeof productEvents>;

/** A row of `product_costs`, apart from `products` because only staff may read it. */
export interface ProductCost {
  readonly product_id: string;
  readonly cost: number;
}

/** A row of `products` and its cost. */
export interface ProductState extends AggregateState {
  readonly sku: string;
  readonly name: string;
  readonly category: string | null;
  readonly description: string | null;
  readonly base_price: number;
  /** The day stated with the latest price, if any. */
  readonly price_effective_date: string | null;
  /** Below 0 when more was sold than counted: stock facts never stop a product's stream. */
  readonly stock_quantity: number;
  readonly status: "active" | "discontinued";
  /** None or one. */
  readonly costs: readonly ProductCost[];
}

/** Products: what the shop sells. */
export const product: Aggregate<ProductState, ProductEvent> = {
  type: "product",
  generation: 1,
  table: "products",
  children: { costs: { table: "product_costs", key: ["product_id"], parent: "product_id" } },
  eventTypes: productEvents,
  evolve(state, event) {
    if (event.event_type === "product.created") return created(state, event);
    return changed(requireCreated(state, event), event);
  },
};

type Created = Extract<ProductEvent, { event_type: "product.created" }>;
type Changed = Exclude<ProductEvent, Created>;

function created(state: ProductState | null, event: Created): Body<ProductState> {
  requireNew(state, event);
  const { data } = event;
  return {
    sku: data.sku,
    name: data.name,
    category: data.category ?? null,
    description: data.description ?? null,
    base_price: data.base_price,
    price_effective_date: null,
    stock_quantity: data.stock_quantity ?? 0,
    status: "active",
    costs: costsOf(event, data.cost),
  };
}

function changed(state: ProductState, event: Changed): Body<ProductState> {
  switch (event.event_type) {
    case "product.updated": {
      const { cost, ...fields } = event.data;
      return { ...state, ...fields, costs: costsOf(event, cost, state.costs) };
    }
    case "product.price_changed":
    case "price.changed":
      return {
        ...state,
        base_price: event.data.new_price,
        price_effective_date: event.data.effective_date ?? null,
      };
    case "product.price_corrected":
      return { ...state, base_price: event.data.new_price };
    case "product.stock_updated":
      return { ...state, stock_quantity: stockAfter(state, event.data) };
    case "product.cost_changed":
      return { ...state, costs: costsOf(event, event.data.new_cost) };
    case "product.ladder_placed":
      // Read from the history by whoever compares prices; no column of the table.
      return state;
    case "product.discontinued":
      return { ...state, status: movedTo("discontinued", state) };
    case "product.reinstated":
      return { ...state, status: movedTo("active", state) };
  }
}

/** undefined keeps what was known, null clears it. */
function costsOf(
  event: ProductEvent,
  cost: number | null | undefined,
  known: readonly ProductCost[] = [],
): readonly ProductCost[] {
  if (cost === undefined) return known;
  return cost === null ? [] : [{ product_id: event.aggregate_id, cost }];
}

function stockAfter(
  state: ProductState,
  data: { stock_quantity?: number | undefined; quantity_change?: number | undefined },
): number {
  const after = data.stock_quantity ?? state.stock_quantity + (data.quantity_change ?? 0);
  if (Math.abs(after) <= MAX_STOCK) return after;
  throw new DomainError("out_of_range", `Stock would be ${after}, the limit is ${MAX_STOCK}`);
}

function movedTo(status: ProductState["status"], state: ProductState): ProductState["status"] {
  if (state.status !== status) return status;
  throw new DomainError("impossible_transition", `Product is already ${status}`);
}

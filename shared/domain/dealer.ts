import { z } from "zod";
import {
  type Aggregate,
  type AggregateState,
  type Body,
  DomainError,
  type EventOf,
  requireCreated,
} from "./aggregate.ts";
import { backOffice, customersToo, eventTypes } from "./event_type.ts";
import { email, id, phone, reason, sku, slug, text } from "./fields.ts";
import { hasWholeCents, money } from "./money.ts";
import { compareByKey } from "./rows.ts";

const PRICE_KEY = ["dealer_id", "product_id"] as const;
const MAX_PRICES = 500;

const percent = z.number().min(0).max(100).refine(hasWholeCents, "Expected at most 2 decimals")
  .meta({ multipleOf: 0.01, description: "Percent off the list price, at most 2 decimals" });

/** The facts about a dealer. */
export const dealerEvents = eventTypes({
  "dealer.application_submitted": {
    description: "A company asked to become a dealer, for the first time or after a rejection.",
    schema: z.strictObject({
      company_name: text(200),
      contact_name: text(200),
      email,
      phone: phone.optional(),
      tax_id: text(50).optional(),
      territory: text(200).optional(),
    }),
    example: {
      company_name: "Deccan Pumps and Motors",
      contact_name: "Ravi Joshi",
      email: "ravi@deccanpumps.example.com",
      phone: "+91 20 5550 1482",
      tax_id: "27AAPFU0939F1ZV",
      territory: "Pune district",
    },
    postedBy: customersToo,
  },
  "dealer.approved": {
    description: "The application was accepted, on these terms.",
    schema: z.strictObject({
      tier: slug.optional(),
      discount_percent: percent.optional(),
      credit_limit: money.optional(),
    }),
    example: { tier: "silver", discount_percent: 7.5, credit_limit: 250000 },
    postedBy: backOffice,
    schemaVersion: 2,
    upcasters: { 1: discountInPercent },
  },
  "dealer.rejected": {
    description: "The application was refused. The company may apply again.",
    schema: z.strictObject({ reason }),
    example: { reason: "The territory has a dealer already" },
    postedBy: backOffice,
  },
  "dealer.pricing_updated": {
    description: "Own prices were agreed with the dealer; products not named keep theirs.",
    schema: z.strictObject({
      prices: z.array(z.strictObject({ product_id: id, sku, price: money })).min(1).max(MAX_PRICES),
      reason,
    }),
    example: {
      prices: [{
        product_id: "123e4567-e89b-12d3-a456-426614174000",
        sku: "SUBM-05HP-DOM-SS-50LPM-20M",
        price: 4899,
      }],
      reason: "Yearly agreement",
    },
    postedBy: backOffice,
  },
  "dealer.pricing_withdrawn": {
    description: "Own prices ended; the dealer's discount on the list price applies again.",
    schema: z.strictObject({ product_ids: z.array(id).min(1).max(MAX_PRICES), reason }),
    example: {
      product_ids: ["123e4567-e89b-12d3-a456-426614174000"],
      reason: "The agreement ended",
    },
    postedBy: backOffice,
  },
  "dealer.suspended": {
    description: "The dealer may not buy for now.",
    schema: z.strictObject({ reason }),
    example: { reason: "Invoices overdue by 90 days" },
    postedBy: backOffice,
  },
  "dealer.reinstated": {
    description: "A suspended dealer may buy again.",
    schema: z.strictObject({ reason }),
    example: { reason: "All invoices paid" },
    postedBy: backOffice,
  },
});

/** Version 1 gave the discount as a fraction: 0.075. */
function discountInPercent({ discount, ...rest }: Readonly<Record<string, unknown>>) {
  return typeof discount === "number"
    ? { ...rest, discount_percent: Math.round(discount * 10_000) / 100 }
    : rest;
}

/** An event of a dealer. */
export type DealerEvent = EventOf<typeof dealerEvents>;

/** A row of `dealer_prices`. */
export interface DealerPrice {
  readonly dealer_id: string;
  readonly product_id: string;
  /** The dealer's owner, so that row level security needs no join. */
  readonly owner_id: string | null;
  readonly sku: string;
  readonly price: number;
}

/** A row of `dealers` with its prices in the order of their product ids. */
export interface DealerState extends AggregateState {
  readonly company_name: string;
  readonly contact_name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly tax_id: string | null;
  readonly territory: string | null;
  readonly status: "applied" | "approved" | "rejected" | "suspended";
  /** Why it was rejected or suspended last. */
  readonly status_reason: string | null;
  readonly tier: string | null;
  readonly discount_percent: number;
  readonly credit_limit: number;
  readonly prices: readonly DealerPrice[];
}

/** Dealers: companies that resell. */
export const dealer: Aggregate<DealerState, DealerEvent> = {
  type: "dealer",
  generation: 1,
  table: "dealers",
  children: { prices: { table: "dealer_prices", key: PRICE_KEY, parent: "dealer_id" } },
  eventTypes: dealerEvents,
  evolve(state, event) {
    if (event.event_type === "dealer.application_submitted") return applied(state, event.data);
    return changed(requireCreated(state, event), event);
  },
};

type Applied = Extract<DealerEvent, { event_type: "dealer.application_submitted" }>;
type Changed = Exclude<DealerEvent, Applied>;

function applied(state: DealerState | null, data: Applied["data"]): Body<DealerState> {
  if (state && state.status !== "rejected") {
    throw new DomainError("impossible_transition", `The dealer is ${state.status} already`);
  }
  return {
    phone: null,
    tax_id: null,
    territory: null,
    ...data,
    status: "applied",
    status_reason: null,
    tier: null,
    discount_percent: 0,
    credit_limit: 0,
    prices: [],
  };
}

function changed(state: DealerState, event: Changed): Body<DealerState> {
  switch (event.event_type) {
    case "dealer.approved":
      return { ...moved(state, "applied", "approved", null), ...event.data };
    case "dealer.rejected":
      return moved(state, "applied", "rejected", event.data.reason);
    case "dealer.suspended":
      return moved(state, "approved", "suspended", event.data.reason);
    case "dealer.reinstated":
      return moved(state, "suspended", "approved", null);
    case "dealer.pricing_updated":
      return { ...requireApproved(state), prices: pricesAfter(state, event.data.prices) };
    case "dealer.pricing_withdrawn":
      return { ...state, prices: pricesWithout(state, event.data.product_ids) };
  }
}

function moved(
  state: DealerState,
  from: DealerState["status"],
  to: DealerState["status"],
  status_reason: string | null,
): DealerState {
  if (state.status === from) return { ...state, status: to, status_reason };
  const message = `A dealer that is ${state.status} cannot become ${to}`;
  throw new DomainError("impossible_transition", message);
}

function requireApproved(state: DealerState): DealerState {
  if (state.status === "approved") return state;
  const message = `Prices are agreed with approved dealers, this one is ${state.status}`;
  throw new DomainError("impossible_transition", message);
}

function pricesAfter(
  state: DealerState,
  agreed: readonly { product_id: string; sku: string; price: number }[],
): readonly DealerPrice[] {
  const prices = new Map(state.prices.map((price) => [price.product_id, price]));
  for (const price of agreed) {
    const place = { dealer_id: state.id, owner_id: state.owner_id };
    prices.set(price.product_id, { ...place, ...price });
  }
  return [...prices.values()].sort((a, b) => compareByKey(PRICE_KEY, { ...a }, { ...b }));
}

function pricesWithout(state: DealerState, products: readonly string[]): readonly DealerPrice[] {
  const withdrawn = new Set(products);
  const known = new Set(state.prices.map((price) => price.product_id));
  const unknown = products.find((product) => !known.has(product));
  if (unknown !== undefined) {
    throw new DomainError("unknown_item", `The dealer has no own price for product ${unknown}`);
  }
  return state.prices.filter((price) => !withdrawn.has(price.product_id));
}

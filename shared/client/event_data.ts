// Written by supabase/write_event_data.ts from the catalog. Do not edit.

/** What each event type of the catalog carries as `data`. */
export interface EventData {
  /** A product was added to the range. Stock starts at 0 unless stated. */
  "product.created": {
    sku: string;
    name: string;
    /** Amount in the shop's currency, at most 2 decimals */
    base_price: number;
    category?: string | undefined;
    description?: string | undefined;
    /** What the shop pays; seen by staff only */
    cost?: number | undefined;
    stock_quantity?: number | undefined;
  };
  /** The description of a product changed; only the named fields. null clears one. */
  "product.updated": {
    name?: string | undefined;
    category?: string | null | undefined;
    description?: string | null | undefined;
    /** What the shop pays; seen by staff only */
    cost?: number | null | undefined;
  };
  /** The list price changed. The new price holds from now on, whatever the old was. */
  "product.price_changed": {
    /** Amount in the shop's currency, at most 2 decimals */
    old_price: number;
    /** Amount in the shop's currency, at most 2 decimals */
    new_price: number;
    /** Why, for people who read the log later */
    reason: string;
    effective_date?: string | undefined;
  };
  /** The list price changed, with the day from which it is advertised. */
  "price.changed": {
    /** Amount in the shop's currency, at most 2 decimals */
    old_price: number;
    /** Amount in the shop's currency, at most 2 decimals */
    new_price: number;
    /** Why, for people who read the log later */
    reason: string;
    effective_date: string;
  };
  /** A wrong price was put right; compensates an earlier price event. */
  "product.price_corrected": {
    /** Amount in the shop's currency, at most 2 decimals */
    old_price: number;
    /** Amount in the shop's currency, at most 2 decimals */
    new_price: number;
    /** Why, for people who read the log later */
    reason: string;
    /** The event that stated the wrong price */
    corrected_event_id?: string | undefined;
  };
  /** Stock was counted (stock_quantity) or moved (quantity_change, signed). */
  "product.stock_updated": {
    stock_quantity?: number | undefined;
    quantity_change?: number | undefined;
    /** Why, for people who read the log later */
    reason: string;
    /** The order that took the goods */
    order_id?: string | undefined;
  };
  /** What the shop pays for a product changed. */
  "product.cost_changed": {
    /** Amount in the shop's currency, at most 2 decimals */
    old_cost?: number | undefined;
    /** Seen by staff only */
    new_cost: number;
    /** Why, for people who read the log later */
    reason: string;
    supplier?: string | undefined;
  };
  /** A product took its place among sizes or tiers of one kind; no data: left it. */
  "product.ladder_placed": {
    ladder?: string | undefined;
    /** A higher rank is never cheaper */
    rank?: number | undefined;
  };
  /** The product is no longer sold. */
  "product.discontinued": {
    /** Why, for people who read the log later */
    reason: string;
  };
  /** A discontinued product is sold again. */
  "product.reinstated": {
    /** Why, for people who read the log later */
    reason: string;
  };
  /** A cart was begun: a draft with its first items. It binds nobody yet. */
  "order.created": {
    customer_id: string;
    /** Become lines 1, 2, 3… in this order */
    items: readonly ({
      product_id: string;
      sku: string;
      name: string;
      quantity: number;
      /** Amount in the shop's currency, at most 2 decimals */
      unit_price: number;
    })[];
    notes?: string | undefined;
  };
  /** An item was put into a draft, as the line after the highest. */
  "order.item_added": {
    product_id: string;
    sku: string;
    name: string;
    quantity: number;
    /** Amount in the shop's currency, at most 2 decimals */
    unit_price: number;
  };
  /** A line was taken out of a draft. */
  "order.item_removed": {
    line: number;
  };
  /** The customer committed to the draft, at the total they were shown. */
  "order.placed": {
    /** Must be the total of the items */
    total: number;
    shipping_address?: {
      line1: string;
      line2?: string | undefined;
      city: string;
      region?: string | undefined;
      postal_code: string;
      country: string;
    } | undefined;
  };
  /** Money for the order came in. Paying for a draft places it. */
  "order.payment_received": {
    /** The payment aggregate, when there is one */
    payment_id?: string | undefined;
    /** Amount above 0 in the shop's currency, 2 decimals */
    amount: number;
    method?: "card" | "upi" | "bank_transfer" | "cash" | "cheque" | "other" | undefined;
  };
  /** The shop's work moved on. Placing, fulfilling and cancelling have own types. */
  "order.status_changed": {
    old_status: "placed" | "processing" | "on_hold" | "shipped";
    new_status: "placed" | "processing" | "on_hold" | "shipped";
    /** Why, for people who read the log later */
    reason?: string | undefined;
  };
  /** The customer has everything. Takes the items out of stock. */
  "order.fulfilled": {
    carrier?: string | undefined;
    tracking_number?: string | undefined;
  };
  /** The order will not be delivered; possible until it is shipped. */
  "order.cancelled": {
    /** Why, for people who read the log later */
    reason: string;
  };
  /** Money of the order went back to the customer. */
  "order.refunded": {
    payment_id?: string | undefined;
    /** Amount above 0 in the shop's currency, 2 decimals */
    amount: number;
    /** Why, for people who read the log later */
    reason: string;
  };
  /** The attempt brought no money. A later try on the same payment may succeed. */
  "payment.failed": {
    order_id: string;
    /** Amount above 0 in the shop's currency, 2 decimals */
    amount: number;
    method: "card" | "upi" | "bank_transfer" | "cash" | "cheque" | "other";
    /** The number the bank or provider gave */
    reference?: string | undefined;
    /** Why, for people who read the log later */
    reason: string;
  };
  /** The money arrived. Counts towards the order. */
  "payment.received": {
    order_id: string;
    /** Amount above 0 in the shop's currency, 2 decimals */
    amount: number;
    method: "card" | "upi" | "bank_transfer" | "cash" | "cheque" | "other";
    /** The number the bank or provider gave */
    reference?: string | undefined;
  };
  /** Money went back to the customer, in part or whole. */
  "payment.refunded": {
    /** Amount above 0 in the shop's currency, 2 decimals */
    amount: number;
    /** Why, for people who read the log later */
    reason: string;
  };
  /** A customer opened an account. */
  "customer.registered": {
    email: string;
    name: string;
    phone?: string | undefined;
    address?: {
      line1: string;
      line2?: string | undefined;
      city: string;
      region?: string | undefined;
      postal_code: string;
      country: string;
    } | undefined;
  };
  /** A customer's details changed; only the named fields. null clears one. */
  "customer.profile_updated": {
    email?: string | undefined;
    name?: string | undefined;
    phone?: string | null | undefined;
    address?:
      | {
        line1: string;
        line2?: string | undefined;
        city: string;
        region?: string | undefined;
        postal_code: string;
        country: string;
      }
      | null
      | undefined;
  };
  /** The account was closed. */
  "customer.deactivated": {
    /** Why, for people who read the log later */
    reason: string;
  };
  /** A closed account was opened again. */
  "customer.reactivated": {
    /** Why, for people who read the log later */
    reason: string;
  };
  /** A company asked to become a dealer, for the first time or after a rejection. */
  "dealer.application_submitted": {
    company_name: string;
    contact_name: string;
    email: string;
    phone?: string | undefined;
    tax_id?: string | undefined;
    territory?: string | undefined;
  };
  /** The application was accepted, on these terms. */
  "dealer.approved": {
    tier?: string | undefined;
    /** Percent off the list price, at most 2 decimals */
    discount_percent?: number | undefined;
    /** Amount in the shop's currency, at most 2 decimals */
    credit_limit?: number | undefined;
  };
  /** The application was refused. The company may apply again. */
  "dealer.rejected": {
    /** Why, for people who read the log later */
    reason: string;
  };
  /** Own prices were agreed with the dealer; products not named keep theirs. */
  "dealer.pricing_updated": {
    prices: readonly ({
      product_id: string;
      sku: string;
      /** Amount in the shop's currency, at most 2 decimals */
      price: number;
    })[];
    /** Why, for people who read the log later */
    reason: string;
  };
  /** Own prices ended; the dealer's discount on the list price applies again. */
  "dealer.pricing_withdrawn": {
    product_ids: readonly (string)[];
    /** Why, for people who read the log later */
    reason: string;
  };
  /** The dealer may not buy for now. */
  "dealer.suspended": {
    /** Why, for people who read the log later */
    reason: string;
  };
  /** A suspended dealer may buy again. */
  "dealer.reinstated": {
    /** Why, for people who read the log later */
    reason: string;
  };
  /** A competitor was seen to sell the same product at a price. */
  "market.competitor_price_observed": {
    competitor: string;
    /** Amount above 0 in the shop's currency, 2 decimals */
    price: number;
    observed_at: string;
    /** true unless stated */
    in_stock?: boolean | undefined;
    url?: string | undefined;
  };
  /** Units sold at one price in a period, by other ways than the orders kept here. */
  "market.sales_recorded": {
    /** First day */
    from: string;
    days: number;
    quantity: number;
    /** Amount above 0 in the shop's currency, 2 decimals */
    unit_price: number;
    channel?: string | undefined;
  };
  /** How the prices of a category are found; rules left out are the defaults. */
  "category.pricing_rules_set": {
    category: string;
    /** Of the price; default 20 */
    minimum_margin_percent?: number | undefined;
    /** Where to stand to the competitors' median; default 100 */
    market_index_percent?: number | undefined;
    /** Most that one change moves a price; default 10 */
    maximum_step_percent?: number | undefined;
    /** A smaller change is not worth it; default 1 */
    minimum_change_percent?: number | undefined;
    /** Default 7 */
    days_between_changes?: number | undefined;
    /** Stock for fewer days: no cut; default 14 */
    low_cover_days?: number | undefined;
    /** Stock for more days: no rise; default 120 */
    high_cover_days?: number | undefined;
    /** What is believed of the category's products before their sales; default -1.8 */
    prior_elasticity?: number | undefined;
    /** Prices end alike within each; default 1 */
    ending_unit?: number | undefined;
    /** …with this; default 0.99 */
    ending?: number | undefined;
  };
}

/** The aggregate type that each event type belongs to. */
export interface AggregateTypeOf {
  "product.created": "product";
  "product.updated": "product";
  "product.price_changed": "product";
  "price.changed": "product";
  "product.price_corrected": "product";
  "product.stock_updated": "product";
  "product.cost_changed": "product";
  "product.ladder_placed": "product";
  "product.discontinued": "product";
  "product.reinstated": "product";
  "order.created": "order";
  "order.item_added": "order";
  "order.item_removed": "order";
  "order.placed": "order";
  "order.payment_received": "order";
  "order.status_changed": "order";
  "order.fulfilled": "order";
  "order.cancelled": "order";
  "order.refunded": "order";
  "payment.failed": "payment";
  "payment.received": "payment";
  "payment.refunded": "payment";
  "customer.registered": "customer";
  "customer.profile_updated": "customer";
  "customer.deactivated": "customer";
  "customer.reactivated": "customer";
  "dealer.application_submitted": "dealer";
  "dealer.approved": "dealer";
  "dealer.rejected": "dealer";
  "dealer.pricing_updated": "dealer";
  "dealer.pricing_withdrawn": "dealer";
  "dealer.suspended": "dealer";
  "dealer.reinstated": "dealer";
  "market.competitor_price_observed": "market";
  "market.sales_recorded": "market";
  "category.pricing_rules_set": "category";
}

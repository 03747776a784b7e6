import { assertEquals } from "@std/assert";
import { dealer } from "../../../shared/domain/dealer.ts";
import { assertRefused, type Fact, ID, OWNER, stateAfter } from "./story.ts";

const PRODUCT = "123e4567-e89b-12d3-a456-426614174001";
const OTHER = "123e4567-e89b-12d3-a456-426614174002";
const APPLIED: Fact = ["dealer.application_submitted", {
  company_name: "Deccan Pumps",
  contact_name: "Ravi Joshi",
  email: "ravi@deccan.example.com",
}];
const APPROVED: Fact = ["dealer.approved", { tier: "silver", discount_percent: 7.5 }];
const REJECTED: Fact = ["dealer.rejected", { reason: "Territory taken" }];
const SUSPENDED: Fact = ["dealer.suspended", { reason: "Invoices overdue" }];
const REINSTATED: Fact = ["dealer.reinstated", { reason: "Paid" }];
const priced = (product_id: string, price: number): Fact => [
  "dealer.pricing_updated",
  { prices: [{ product_id, sku: "A-1", price }], reason: "Agreed" },
];
const withdrawn = (...product_ids: string[]): Fact => [
  "dealer.pricing_withdrawn",
  { product_ids, reason: "Ended" },
];

Deno.test("a dealer begins with an application", () => {
  const state = stateAfter(dealer, APPLIED);
  assertEquals([state.status, state.company_name, state.phone], ["applied", "Deccan Pumps", null]);
  assertEquals([state.tier, state.discount_percent, state.credit_limit, state.prices], [
    null,
    0,
    0,
    [],
  ]);
  assertRefused("not_yet_created", dealer, APPROVED);
  assertRefused("impossible_transition", dealer, APPLIED, APPLIED);
});

Deno.test("approval sets the terms that it names", () => {
  const state = stateAfter(dealer, APPLIED, APPROVED);
  assertEquals([state.status, state.tier, state.discount_percent, state.credit_limit], [
    "approved",
    "silver",
    7.5,
    0,
  ]);
});

Deno.test("a rejected company may apply again", () => {
  const rejected = stateAfter(dealer, APPLIED, REJECTED);
  assertEquals([rejected.status, rejected.status_reason], ["rejected", "Territory taken"]);
  const again = stateAfter(dealer, APPLIED, REJECTED, APPLIED);
  assertEquals([again.status, again.status_reason], ["applied", null]);
});

Deno.test("only an application is approved or rejected", () => {
  assertRefused("impossible_transition", dealer, APPLIED, APPROVED, APPROVED);
  assertRefused("impossible_transition", dealer, APPLIED, APPROVED, REJECTED);
  assertRefused("impossible_transition", dealer, APPLIED, REJECTED, APPROVED);
});

Deno.test("an approved dealer can be suspended and reinstated", () => {
  const suspended = stateAfter(dealer, APPLIED, APPROVED, SUSPENDED);
  assertEquals([suspended.status, suspended.status_reason], ["suspended", "Invoices overdue"]);
  const back = stateAfter(dealer, APPLIED, APPROVED, SUSPENDED, REINSTATED);
  assertEquals([back.status, back.status_reason], ["approved", null]);
  assertRefused("impossible_transition", dealer, APPLIED, SUSPENDED);
  assertRefused("impossible_transition", dealer, APPLIED, APPROVED, REINSTATED);
});

Deno.test("an agreed price is added, or replaces the one for the same product", () => {
  const state = stateAfter(
    dealer,
    APPLIED,
    APPROVED,
    priced(OTHER, 20),
    priced(PRODUCT, 10),
    priced(OTHER, 19.5),
  );
  assertEquals(state.prices, [
    { dealer_id: ID, owner_id: OWNER, product_id: PRODUCT, sku: "A-1", price: 10 },
    { dealer_id: ID, owner_id: OWNER, product_id: OTHER, sku: "A-1", price: 19.5 },
  ]);
});

Deno.test("prices are agreed with approved dealers only", () => {
  assertRefused("impossible_transition", dealer, APPLIED, priced(PRODUCT, 10));
  assertRefused("impossible_transition", dealer, APPLIED, APPROVED, SUSPENDED, priced(PRODUCT, 1));
});

Deno.test("a price is withdrawn when there is one", () => {
  const agreed = [APPLIED, APPROVED, priced(PRODUCT, 10), priced(OTHER, 20)];
  const state = stateAfter(dealer, ...agreed, withdrawn(PRODUCT));
  assertEquals(state.prices.map((price) => price.product_id), [OTHER]);
  assertRefused("unknown_item", dealer, ...agreed, withdrawn(PRODUCT), withdrawn(OTHER, PRODUCT));
});

import type { Dice } from "./dice.ts";
import type { Article } from "./products.ts";
import { step, type Story, type Writer } from "./story.ts";

type Scribe = (aggregateType: string, aggregateId: string) => Writer;

export function customerStory(dice: Dice, write: Scribe): Story {
  const event = write("customer", dice.uuid());
  const address = { line1: "14 Canal Road", city: "Pune", postal_code: "411001", country: "IN" };
  const email = `asha${dice.integer(1, 9999)}@example.com`;
  return [
    step(event("customer.registered", { email, name: "Asha Kulkarni", address })),
    step(event("customer.profile_updated", { phone: "+91 98220 14472", address: null })),
    step(event("customer.greeted")),
    step(event("customer.deactivated", { reason: "asked for it" })),
    step(event("customer.reactivated", { reason: "came back" })),
  ];
}

export function dealerStory(dice: Dice, write: Scribe, shelf: readonly Article[]): Story {
  const event = write("dealer", dice.uuid());
  const application = {
    company_name: "Deccan Pumps and Motors",
    contact_name: "Ravi Joshi",
    email: "ravi@deccanpumps.example.com",
  };
  const reason = "yearly agreement";
  const agreed = new Map(
    Array.from({ length: 3 }, () => dice.pick(shelf)).map((
      article,
    ) => [article.product_id, article]),
  );
  const prices = [...agreed.values()].map(({ product_id, sku, unit_price }) => ({
    product_id,
    sku,
    price: unit_price,
  }));
  const product_ids = [...agreed.keys()].slice(0, 1);
  return [
    step(event("dealer.application_submitted", application)),
    step(event("dealer.rejected", { reason })),
    step(event("dealer.application_submitted", { ...application, territory: "Pune district" })),
    step(
      event("dealer.approved", { tier: "silver", discount_percent: 7.5, credit_limit: 250_000 }),
      event("dealer.pricing_updated", { prices, reason }),
    ),
    step(event("dealer.suspended", { reason })),
    step(event("dealer.reinstated", { reason })),
    step(event("dealer.pricing_withdrawn", { product_ids, reason })),
  ];
}

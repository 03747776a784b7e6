import type { Dice } from "./dice.ts";
import { type Post, step, type Story, type Writer } from "./story.ts";

/** A product that orders may name: it exists before they are told of. */
export interface Article {
  readonly product_id: string;
  readonly sku: string;
  readonly name: string;
  readonly unit_price: number;
}

type Scribe = (aggregateType: string, aggregateId: string) => Writer;

/** An article with plenty of stock, and the event that creates it. */
export function article(dice: Dice, write: Scribe, sku: string): { article: Article; post: Post } {
  const product_id = dice.uuid();
  const unit_price = dice.integer(100, 999_999) / 100;
  const name = `Pump ${sku}`;
  const post = write("product", product_id)("product.created", {
    sku,
    name,
    base_price: unit_price,
    cost: dice.integer(100, 99_999) / 100,
    stock_quantity: 1_000_000,
  });
  return { article: { product_id, sku, name, unit_price }, post };
}

/** The whole life of a product that no order names. */
export function productStory(dice: Dice, write: Scribe, sku: string): Story {
  const event = write("product", dice.uuid());
  const old_price = dice.integer(100, 999_999) / 100;
  const new_price = dice.integer(100, 999_999) / 100;
  const reason = "yearly review";
  return [
    step(event("product.created", { sku, name: `Motor ${sku}`, base_price: old_price })),
    step(
      event("product.updated", { category: "motors", cost: new_price }),
      event("product.price_changed", { old_price, new_price, reason }),
    ),
    step(event("product.stock_updated", { quantity_change: dice.integer(-5, 50), reason })),
    step(event("product.discontinued", { reason })),
    step(event("product.updated", { cost: null, description: "Sold out" })),
    step(event("product.reinstated", { reason })),
  ];
}

/** One event of an article that others change at the same time. */
export function shelfStory(dice: Dice, write: Scribe, { product_id, unit_price }: Article): Story {
  const event = write("product", product_id);
  const reason = "shelf count";
  const prices = { old_price: unit_price, new_price: dice.integer(1, 99_999) / 100 };
  const effective_date = "2026-11-02";
  return [step(
    dice.pick([
      () => event("product.stock_updated", { quantity_change: dice.integer(-3, 3), reason }),
      () => event("product.price_changed", { ...prices, reason }),
      () => event("price.changed", { ...prices, reason, effective_date }),
      () => event("product.price_corrected", { ...prices, reason }),
      () => event("product.updated", { description: `Shelf ${dice.integer(1, 99)}` }),
    ])(),
  )];
}

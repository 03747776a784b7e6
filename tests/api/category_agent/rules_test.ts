import { assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { backend } from "../shop.ts";
import { letPropose } from "./policy.ts";
import { at, postAll, type Ran, run, stockedShelf } from "./shelf.ts";

Deno.test("what waits under rules that were replaced is proposed anew, though its price stays", async () => {
  await letPropose("category", "price_change");
  const { category, pump } = await stockedShelf();
  const of = ({ proposals }: Ran) => proposals.find(({ product_id }) => product_id === pump);
  const first = of(await run(category));
  const [rules] = await postAll([
    at("category", crypto.randomUUID())("category.pricing_rules_set", {
      category,
      ending_unit: 100,
      ending: 99,
      minimum_margin_percent: 21,
    }),
  ]);
  const second = of(await run(category));
  assertEquals(second?.new_price, first?.new_price);
  const { body: before } = await callFunction(`agents/decisions/${first?.decision_id}`, backend());
  assertEquals(before.status, "superseded");
  const { body } = await callFunction(`agents/decisions/${second?.decision_id}`, backend());
  assertEquals(body.evidence[0], rules?.id);
  assertEquals(of(await run(category)), undefined);
});

/** What others do, by mistake or on purpose, neither misleads the agent nor stops it. */
import { assert, assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { eventually } from "../../support/eventually.ts";
import { openSql, runningStack } from "../../support/stack.ts";
import { backend, categoryAgent, person } from "../shop.ts";
import { letPropose } from "./policy.ts";
import { analysisOf, at, postAll, type Ran, run, type Shelf, stockedShelf } from "./shelf.ts";

const of = (ran: Ran, product: string) =>
  ran.proposals.find(({ product_id }) => product_id === product);

const observed = (product: string, competitor: string, price: number) =>
  at("market", product)("market.competitor_price_observed", {
    competitor,
    price,
    observed_at: new Date().toISOString(),
  });

async function lineOf({ category }: Shelf, product: string) {
  const { products } = await analysisOf(category);
  return products.find(({ product_id }) => product_id === product);
}

Deno.test("what a person proposes or edits is left to people, and the other products are looked at", async () => {
  await letPropose("category", "price_change");
  const { category, pump, longCable, unpriced } = await stockedShelf();
  const { token } = await person("staff");
  const body = {
    agent: "category",
    decision_type: "price_change",
    targets: [
      { aggregate_type: "product", aggregate_id: unpriced, version: 1 },
      { aggregate_type: "product", aggregate_id: pump, version: 2 },
    ],
    proposed_events: [
      at("product", unpriced)("product.price_changed", {
        old_price: 999,
        new_price: 989,
        reason: "A guess",
      }),
      at("product", pump)("product.price_changed", {
        old_price: 5999,
        new_price: 5899,
        reason: "A guess",
      }),
    ],
    confidence: 0.5,
    rationale: "Somebody thought so",
  };
  const own = await callFunction("agents/decisions", { token, body });
  assertEquals(own.status, 201, JSON.stringify(own.body));
  const ran = await run(category);
  assertEquals([ran.unchanged.sort(), of(ran, pump)], [[pump, unpriced].sort(), undefined]);
  assertEquals(ran.withdrawn, []);
  assert(of(ran, longCable));
  const { body: decision } = await callFunction(
    `agents/decisions/${own.body.decision_id}`,
    backend(),
  );
  assertEquals(decision.status, "proposed");
});

Deno.test("an observation under the key of a proposal takes no proposal's place", async () => {
  await letPropose("category", "price_change");
  const { category, pump } = await stockedShelf();
  await using sql = openSql();
  const first = of(await run(category), pump);
  const [made] = await sql`
    select idempotency_key as key from public.events
    where aggregate_id = ${first?.decision_id ?? null} and aggregate_version = 1`;
  // Another category with the same inputs would have a key of its own: so squat the next one.
  const squat = `${made?.key}:after:${first?.decision_id}`;
  const event = { ...observed(crypto.randomUUID(), "Squatter", 1), idempotency_key: squat };
  const posted = await callFunction("events", { ...categoryAgent(), body: event });
  assertEquals(posted.status, 201);
  const withdrawn = await callFunction(`agents/decisions/${first?.decision_id}/withdraw`, {
    ...backend(),
    body: { reason: "To be looked at anew" },
  });
  assertEquals(withdrawn.status, 200);
  const again = await run(category);
  assertEquals([of(again, pump)?.new_price, again.refusals], [5499, []]);
});

Deno.test("a price that was rejected when another waits leaves nothing for silence to do", async () => {
  await letPropose("category", "price_change");
  const { category, pump } = await stockedShelf();
  const { token } = await person("staff");
  const at5499 = of(await run(category), pump);
  await callFunction(`agents/decisions/${at5499?.decision_id}/reject`, {
    token,
    body: { reason_code: "too_low" },
  });
  const seen = (price: number) =>
    postAll(["Ada", "Bea", "Cem"].map((name) => observed(pump, name, price)));
  await seen(5699);
  const at5699 = of(await run(category), pump);
  assertEquals(at5699?.new_price, 5699);
  await seen(5499);
  const back = await run(category);
  assertEquals([of(back, pump), back.withdrawn], [undefined, [at5699?.decision_id]]);
});

Deno.test("however many other events came, ladder, cost and competitors are known", async () => {
  const shelf = await stockedShelf();
  const before = [await lineOf(shelf, shelf.pump), await lineOf(shelf, shelf.longCable)];
  const renamed = (n: number) =>
    at("product", shelf.longCable)("product.updated", { name: `Cable, 30 m, ${n}` });
  await postAll([
    ...Array.from({ length: 210 }, (_, n) => renamed(n)),
    ...Array.from({ length: 310 }, () => observed(shelf.pump, "Ada", 5499)),
  ]);
  await eventually(async () => {
    assertEquals((await lineOf(shelf, shelf.longCable))?.version, 212);
  }, 60);
  const after = [await lineOf(shelf, shelf.pump), await lineOf(shelf, shelf.longCable)];
  assertEquals(after.map((line) => line?.trace), before.map((line) => line?.trace));
});

Deno.test("what is observed of the future counts once it is there", async () => {
  const shelf = await stockedShelf();
  const before = await lineOf(shelf, shelf.pump);
  const soon = new Date(Date.now() + 60_000).toISOString();
  await postAll(
    ["Ada", "Bea", "Cem"].map((competitor) =>
      at("market", shelf.pump)("market.competitor_price_observed", {
        competitor,
        price: 4999,
        observed_at: soon,
      })
    ),
  );
  assertEquals((await lineOf(shelf, shelf.pump))?.trace, before?.trace);
});

Deno.test("a category that cannot be read keeps the agent from no other", async () => {
  await letPropose("category", "price_change");
  const [sick, well] = [await stockedShelf(), await stockedShelf()];
  await using sql = openSql();
  // Past every check: no such instant can be posted.
  await sql`select private.append_fact('market.competitor_price_observed', ${sick.pump}::uuid,
    ${
    sql.json({ competitor: "Z", price: 95, observed_at: "2026-01-01T00:00:00+23:59" })
  }, 'system')`;
  const { keys } = runningStack();
  await eventually(async () => {
    const call = { key: keys.automations, body: { whole: false } };
    await callFunction("category-agent/wake", call);
    const [row] = await sql`
      select private.pricing_news() as news, exists (select from private.open_targets
        where agent = 'category' and aggregate_id = ${well.pump}) as proposed`;
    return row?.proposed && !row.news;
  }, 60);
});

Deno.test("one product that waits behind a failed event makes the agent deaf to no other", async () => {
  await letPropose("category", "price_change");
  const taken = await stockedShelf();
  const { keys } = runningStack();
  const wake = () =>
    callFunction("category-agent/wake", { key: keys.automations, body: { whole: false } });
  await using sql = openSql();
  // All that came before is dealt with: a policy, for one, is news for every category.
  await eventually(async () => {
    await wake();
    const [row] = await sql`select private.pricing_news() as news`;
    return row?.news === false;
  }, 60);
  const twin = crypto.randomUUID();
  const [failed] = await postAll([
    at("product", twin)("product.created", { sku: `T-${taken.pump}`, name: "Twin", base_price: 5 }),
    at("product", twin)("product.cost_changed", { new_cost: 4, reason: "Unknown" }),
  ]);
  await eventually(async () => {
    const [row] = await sql`
      select count(*)::int as n from private.unprocessed_events u join public.events e using (event_number)
      where u.blocked and e.aggregate_id = ${twin}`;
    return row?.n === 2;
  }, 60);
  const { pump } = await stockedShelf();
  try {
    await eventually(async () => {
      await wake();
      const [open] = await sql`
        select from private.open_targets where agent = 'category' and aggregate_id = ${pump}`;
      return open !== undefined;
    }, 60);
  } finally {
    const { token } = await person("staff");
    const body = { reason: "It never was a product" };
    for (;;) {
      const next = await sql`
        select e.id from private.unprocessed_events u join public.events e using (event_number)
        where e.aggregate_id = ${twin} order by e.event_number limit 1`;
      const id = next[0]?.id;
      if (!id) break;
      await callFunction(`database-manager/events/${id}/skip`, { token, body });
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  assert(failed);
});

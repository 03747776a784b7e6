import { assert, assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { eventually } from "../../support/eventually.ts";
import { openSql, runningStack } from "../../support/stack.ts";
import { backend, categoryAgent, person } from "../shop.ts";
import { approve, letPropose } from "./policy.ts";
import { analysisOf, at, postAll, stockedShelf } from "./shelf.ts";

async function run(category: string) {
  const { token } = await person("staff");
  const answer = await callFunction("category-agent/run", { token, body: { category } });
  assertEquals(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

interface Made {
  product_id: string;
  new_price: number;
  decision_id: string;
  status: string;
}

Deno.test("a run proposes each change once, with its trace and evidence, and changes no price", async () => {
  await letPropose("category", "price_change");
  const shelf = await stockedShelf();
  const { proposals, refusals, unchanged } = await run(shelf.category);
  assertEquals([refusals, unchanged], [[], []]);
  const made: Made[] = proposals;
  assertEquals(
    new Map(made.map(({ product_id, new_price }) => [product_id, new_price])),
    new Map([[shelf.pump, 5499], [shelf.longCable, 2999]]),
  );
  const again = await run(shelf.category);
  assertEquals([again.proposals, again.refusals], [[], []]);
  assertEquals(again.unchanged.sort(), [shelf.pump, shelf.longCable].sort());

  const pump = made.find(({ product_id }) => product_id === shelf.pump);
  const { body: decision } = await callFunction(`agents/decisions/${pump?.decision_id}`, backend());
  assertEquals([decision.agent, decision.decision_type, decision.status], [
    "category",
    "price_change",
    "proposed",
  ]);
  const [{ depends_on, ...target }, ...others] = decision.targets;
  assertEquals([target, others], [
    { aggregate_type: "product", aggregate_id: shelf.pump, version: 2 },
    [],
  ]);
  assertEquals(
    [depends_on.includes("product.cost_changed"), depends_on.includes("product.stock_updated")],
    [true, false],
  );
  assert(decision.rationale.includes("market: 5499.00, 100.00 % of the median"));
  assertEquals(decision.evidence.length, 8);
  assertEquals(decision.compensation[0].data.new_price, 5999);
  const { products } = await analysisOf(shelf.category);
  assertEquals(products.find(({ product_id }) => product_id === shelf.pump)?.price, 5999);
});

Deno.test("an approval changes the price by events alone, and a run then proposes nothing", async () => {
  await letPropose("category", "price_change");
  const shelf = await stockedShelf();
  const made: Made[] = (await run(shelf.category)).proposals;
  // Goods are sold while the proposals wait: that changes nothing, neither for the agent nor for them.
  const sale = { quantity_change: -1, reason: "Sold" };
  await postAll([at("product", shelf.pump)("product.stock_updated", sale)]);
  await versionOf(shelf.pump, 3);
  const again = await run(shelf.category);
  assertEquals([again.proposals, again.unchanged.length, again.refusals], [[], 2, []]);
  for (const { decision_id } of made) {
    assertEquals((await approve(decision_id)).status, "executed");
  }
  await eventually(async () => {
    const { products } = await analysisOf(shelf.category);
    for (const { product_id, new_price } of made) {
      assertEquals(products.find((line) => line.product_id === product_id)?.price, new_price);
    }
  }, 30);
  const after = await run(shelf.category);
  assertEquals([after.proposals, after.unchanged, after.refusals], [[], [], []]);

  const { token } = await person("staff");
  const history = await callFunction(`events/aggregate/product/${shelf.pump}/history`, { token });
  const changed = history.body.events.at(-1);
  assertEquals([changed.event_type, changed.data.new_price], ["product.price_changed", 5499]);
  const { body: trace } = await callFunction(`events/${changed.id}/trace`, { token });
  assertEquals(trace.causes.map((cause: { event_type: string }) => cause.event_type), [
    "agent.decision_approved",
    "agent.decision_proposed",
  ]);
});

Deno.test("what expired unanswered is proposed anew, what was rejected only when an input changes", async () => {
  await letPropose("category", "price_change", { time_to_live_seconds: 1 });
  const { category, pump } = await stockedShelf();
  const proposedFor = (ran: { proposals: Made[] }) =>
    ran.proposals.find(({ product_id }) => product_id === pump)?.decision_id;
  const first = proposedFor(await run(category));
  await letPropose("category", "price_change");
  let second: string | undefined;
  await eventually(async () => {
    await callFunction("agents/tick", { method: "POST", ...backend() });
    second = proposedFor(await run(category));
    return second !== undefined;
  }, 30);
  assert(first !== undefined && second !== first);
  assertEquals((await statusOf(first)).status, "expired");

  const { token } = await person("staff");
  const no = { reason_code: "bad_timing" };
  await callFunction(`agents/decisions/${second}/reject`, { token, body: no });
  await eventually(async () => assertEquals((await waiting()).has(pump), false), 30);
  const after = await run(category);
  assertEquals([proposedFor(after), after.unchanged.includes(pump)], [undefined, true]);
  const dearer = { old_cost: 4100, new_cost: 4101, reason: "Copper" };
  await postAll([at("product", pump)("product.cost_changed", dearer)]);
  await versionOf(pump, 3);
  assert(![undefined, first, second].includes(proposedFor(await run(category))));
});

Deno.test("what waits for a price that should stay is withdrawn, and follows again when it should not", async () => {
  await letPropose("category", "price_change");
  const { category, pump } = await stockedShelf();
  const of = (ran: { proposals: Made[] }) =>
    ran.proposals.find(({ product_id }) => product_id === pump)?.decision_id;
  const first = of(await run(category));
  const rules = at("category", crypto.randomUUID());
  const set = (more: object) =>
    postAll([
      rules("category.pricing_rules_set", { category, ending_unit: 100, ending: 99, ...more }),
    ]);
  // The floor is above the price now.
  await set({ minimum_change_percent: 90 });
  const held = await run(category);
  assertEquals([of(held), held.withdrawn.includes(first)], [undefined, true]);
  assertEquals((await statusOf(first)).status, "withdrawn");
  await set({});
  const again = await run(category);
  assertEquals([typeof of(again), again.withdrawn], ["string", []]);
});

Deno.test("many who ring at once are served by one run, and one more", async () => {
  await stockedShelf();
  const { keys } = runningStack();
  const ring = () =>
    Promise.all(
      Array.from({ length: 6 }, async () => {
        const call = { key: keys.automations, body: { whole: true } };
        assertEquals((await callFunction("category-agent/wake", call)).status, 202);
      }),
    );
  await using sql = openSql();
  await using observer = openSql();
  const reading = async () =>
    (await observer`
      select from pg_stat_activity where wait_event_type = 'Lock' and query like '%"pricing_inputs"%'`)
      .length;
  await sql.begin(async (one) => {
    await one`lock table public.product_costs in access exclusive mode`;
    await ring();
    await eventually(async () => await reading() > 0, 30);
    await ring();
    // The other may be the minute's, for news.
    assert(await reading() <= 2);
  });
});

Deno.test("every night the schedule has it look at all categories, news or not", async () => {
  await letPropose("category", "price_change");
  const { pump } = await stockedShelf();
  await using sql = openSql();
  const jobs = new Map(
    (await sql`select jobname, schedule, command from cron.job`).map((job) => [job.jobname, job]),
  );
  assertEquals(jobs.get("category-agent-nightly")?.schedule, "30 2 * * *");
  await eventually(async () => {
    await sql.unsafe(jobs.get("category-agent-news")?.command);
    assertEquals((await waiting()).get(pump), 5499);
  }, 60);
  // An update is no news to it, though this one states another cost.
  await postAll([at("product", pump)("product.updated", { cost: 4200 })]);
  await versionOf(pump, 3);
  await sql.unsafe(jobs.get("category-agent-nightly")?.command);
  await eventually(async () => {
    const path = "agents/decisions?agent=category&status=proposed&limit=1000";
    const { body } = await callFunction(path, backend());
    return body.decisions.some((
      { targets: [target] }: { targets: { aggregate_id: string; version: number }[] },
    ) => target?.aggregate_id === pump && target.version === 3);
  }, 60);
});

Deno.test("news wake the agent by its subscription: a competitor's new price becomes a proposal", async () => {
  await letPropose("category", "price_change");
  const shelf = await stockedShelf();
  const { keys } = runningStack();
  const wake = async () => {
    const body = { whole: false };
    const { status } = await callFunction("category-agent/wake", { key: keys.automations, body });
    assertEquals(status, 202);
  };
  await eventually(async () => {
    await wake();
    assertEquals((await waiting()).get(shelf.pump), 5499);
  }, 60);

  const observed_at = new Date().toISOString();
  await postAll(
    ["Ada", "Bea", "Cem"].map((competitor) =>
      at("market", shelf.pump)("market.competitor_price_observed", {
        competitor,
        price: 5699,
        observed_at,
      })
    ),
  );
  await eventually(async () => {
    await wake();
    assertEquals((await waiting()).get(shelf.pump), 5699);
  }, 60);
});

Deno.test("the database rings for news until they are dealt with", async () => {
  await using sql = openSql();
  const news = async () => (await sql`select private.pricing_news() as news`)[0]?.news;
  await stockedShelf();
  await eventually(async () => {
    await sql`select private.call_category_agent(false)`;
    return !(await news());
  }, 60);
  const [job] = await sql`select schedule from cron.job where jobname = 'category-agent-news'`;
  assertEquals(job?.schedule, "* * * * *");
});

Deno.test("a stopped agent proposes nothing, and says so", async () => {
  await letPropose("category", "price_change");
  const { token } = await person("staff");
  const stop = (word: string) =>
    callFunction(`agents/category/${word}`, { token, body: { reason: "A test of the switch" } });
  const shelf = await stockedShelf();
  await stop("stop");
  try {
    const { proposals, refusals } = await run(shelf.category);
    assertEquals(proposals, []);
    assertEquals(refusals.map(({ code }: { code: string }) => code), [
      "agent_stopped",
      "agent_stopped",
    ]);
  } finally {
    await stop("resume");
  }
});

Deno.test("a run is for staff, the backend and the schedule; agents and customers ring nothing", async () => {
  const { token } = await person("customer");
  for (const credential of [{ token }, categoryAgent()]) {
    for (const [path, body] of [["run", { category: "pumps" }], ["wake", {}]] as const) {
      const { status } = await callFunction(`category-agent/${path}`, { ...credential, body });
      assertEquals(status, 403);
    }
  }
});

async function statusOf(id: string | undefined) {
  return (await callFunction(`agents/decisions/${id}`, backend())).body;
}

/** Waits until the row of a product has come to a version. */
async function versionOf(product: string, version: number): Promise<void> {
  await using sql = openSql();
  await eventually(async () => {
    const [row] = await sql`select version::int from public.products where id = ${product}`;
    return row?.version === version;
  }, 30);
}

/** The prices that wait for approval, by product. */
async function waiting(): Promise<Map<string, number>> {
  const path = "agents/decisions?agent=category&status=proposed&limit=1000";
  const { body } = await callFunction(path, backend());
  return new Map(
    body.decisions.map((
      { proposed_events: [event] }: {
        proposed_events: { aggregate_id: string; data: { new_price: number } }[];
      },
    ) => [event?.aggregate_id, event?.data.new_price]),
  );
}

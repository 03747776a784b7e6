/** What a rebuild makes of the log: everything processed, in any number of pages, and nothing beside. */
import { assert, assertEquals } from "@std/assert";
import { created, many, moved, post, spoiled } from "../database_manager/events.ts";
import { drainToRest, managerStack } from "../database_manager/manager_stack.ts";
import { productOf } from "../database_manager/seen.ts";
import {
  actsOn,
  assertRebuilt,
  rebuildStoreOf,
  rowsInPlace,
  run,
  start,
  statusOf,
  work,
} from "./rebuilding.ts";
import { comparePage } from "../../../shared/database_manager/rebuild/page.ts";
import { happen, openShop, postOne, pump } from "./shop.ts";

const manager = managerStack();

/** An event that the domain refuses, marked as processed all the same. */
async function processedAgainstTheDomain(id: string) {
  const event = await postOne(manager, spoiled(id));
  await manager.sql`update events set processed = true where id = ${event.id}`;
  await manager.sql`
    delete from private.unprocessed_events where event_number = ${event.event_number}`;
  return event;
}

Deno.test("a rebuild without differences writes no row of any table", async () => {
  await openShop(manager, 51, 400);
  const before = await rowsInPlace(manager);
  const { status, differing_rows } = await run(manager, "rebuild");
  assertEquals([status, differing_rows], ["completed", 0]);
  assertEquals(await rowsInPlace(manager), before);
  await assertRebuilt(manager);
});

Deno.test("effects fire no second time in a rebuild", async () => {
  const effects = () =>
    manager.sql`
      select id, idempotency_key from events where idempotency_key like 'effect:%' order by id`;
  const before = await effects();
  assert(before.length > 0, "the traffic fulfils orders");
  await manager
    .sql`update orders set status = 'placed', fulfilled_at = null where status = 'fulfilled'`;
  await manager.sql`update products set stock_quantity = 0`;
  assert((await run(manager, "rebuild")).differing_rows > 0);
  await drainToRest(manager);
  assertEquals([...await effects()], [...before]);
  await assertRebuilt(manager);
});

Deno.test("pages of any size compare the same, also within an aggregate with many children", async () => {
  const dealer = crypto.randomUUID();
  const of = (event_type: string, data: Record<string, unknown>) => ({
    event_type,
    aggregate_type: "dealer",
    aggregate_id: dealer,
    data,
  });
  const prices = many(30, () => ({ product_id: crypto.randomUUID(), sku: "P", price: 1 }));
  await happen(
    manager,
    of("dealer.application_submitted", {
      company_name: "Deccan",
      contact_name: "Ravi",
      email: "ravi@example.com",
    }),
    Object.assign(of("dealer.approved", {}), { schema_version: 2 }),
    ...prices.map((price) => of("dealer.pricing_updated", { prices: [price], reason: "yearly" })),
    of("dealer.pricing_withdrawn", {
      product_ids: prices.slice(0, 10).map(({ product_id }) => product_id),
      reason: "over",
    }),
  );
  const [gone, wrong] = prices.slice(10);
  await manager.sql`
    delete from dealer_prices where dealer_id = ${dealer} and product_id = ${
    gone?.product_id ?? ""
  }`;
  await manager.sql`
    update dealer_prices set price = 2
    where dealer_id = ${dealer} and product_id = ${wrong?.product_id ?? ""}`;
  const reports = [];
  for (const page of [1, 2, 7, 31, 32, 2000]) {
    const { differences, findings, events_done } = await run(manager, "verify", {
      types: ["dealer", "product"],
      limits: { page, events: 1e9, milliseconds: 1e9 },
    });
    assertEquals([differences.length, findings], [2, []], `page of ${page}`);
    reports.push({ differences, events_done });
  }
  for (const other of reports) assertEquals(other, reports[0]);
  assertEquals((await run(manager, "rebuild", { limits: { page: 3 } })).differing_rows, 2);
  await assertRebuilt(manager);
});

Deno.test("an invocation ends at its limits and the next goes on where it ended", async () => {
  const id = await start(manager, "verify");
  const limits = { page: 20, events: 60, milliseconds: 1e9 };
  let invocations = 0;
  while (await work(manager, limits)) invocations += 1;
  assert(invocations > 5, `${invocations} invocations`);
  const { data } = await manager.client.rpc("get_rebuild", { p_id: id });
  assertEquals([data.status, data.differing_rows, data.findings], ["completed", 0, []]);
  assertEquals(data.events_done, data.events_total);
});

Deno.test("an event that an aggregate gets between two pages is no hole and no difference", async () => {
  const ids = many<string>(4, () => crypto.randomUUID()).sort();
  await happen(manager, ...ids.map((id) => created(id)));
  const id = await start(manager, "verify", { types: ["product"] });
  const store = rebuildStoreOf(manager);
  await store.take();
  let page = await store.scan(id, null, 1);
  while (page.events.length > 0) {
    const [event] = page.events;
    if (event && ids.includes(event.aggregate_id)) await happen(manager, moved(event.aggregate_id));
    page = await store.scan(id, comparePage(page), 1);
  }
  const { data } = await manager.client.rpc("get_rebuild", { p_id: id });
  assertEquals([data.status, data.differences, data.findings], ["completed", [], []]);
});

Deno.test("an aggregate with more events than a page of 2000", async () => {
  const id = crypto.randomUUID();
  await post(manager, created(id), ...many(4300, () => moved(id)));
  await drainToRest(manager);
  await manager.sql`update products set stock_quantity = 0 where id = ${id}`;
  const { differences } = await run(manager, "rebuild", { types: ["product"] });
  assertEquals(differences.map(({ row_id, version }) => [row_id, version]), [[id, 4301]]);
  assertEquals(await productOf(manager, id), { stock_quantity: 4300, version: 4301 });
});

Deno.test("what is posted and not yet processed is left to the Database Manager", async () => {
  const { id } = await pump(manager);
  await post(manager, moved(id, 5));
  assertEquals((await run(manager, "rebuild", { types: ["product"] })).differing_rows, 0);
  assertEquals((await productOf(manager, id))?.stock_quantity, 7);
  await drainToRest(manager);
  assertEquals((await productOf(manager, id))?.stock_quantity, 12);
});

Deno.test("an event that was skipped stays skipped", async () => {
  const { id } = await pump(manager);
  const [bad] = await happen(manager, spoiled(id), moved(id, 1));
  await manager.client.rpc("skip_event", {
    p_event_id: bad?.id,
    p_actor: "system",
    p_reason: "spoiled",
  });
  await drainToRest(manager);
  const before = await productOf(manager, id);
  assertEquals(before, { stock_quantity: 8, version: 5 });
  const { status, differing_rows, findings } = await run(manager, "rebuild");
  assertEquals([status, differing_rows, findings], ["completed", 0, []]);
  assertEquals(await productOf(manager, id), before);
});

Deno.test("a log that cannot be folded: the rebuild fails with a finding, and no row is touched", async () => {
  const [sick, other] = [await pump(manager), await pump(manager)];
  const bad = await processedAgainstTheDomain(sick.id);
  await manager.sql`update products set name = 'X' where id = ${other.id}`;
  const before = await rowsInPlace(manager);

  const failed = await run(manager, "rebuild");
  assertEquals(failed.status, "failed");
  assert(failed.error?.includes("cannot be folded"), failed.error ?? "");
  const folds = failed.findings.filter(({ kind }) => kind === "fold_failed");
  assertEquals(folds.map(({ event_number }) => event_number), [bad.event_number]);
  assertEquals(await rowsInPlace(manager), before);
  assertEquals(await actsOn(manager, failed.id), ["system.rebuild_failed"]);
  assertEquals((await statusOf(manager)).rebuild, null);

  // Other types are not held up, and a verification says all it can.
  assertEquals((await run(manager, "rebuild", { types: ["order"] })).status, "completed");
  const seen = await run(manager, "verify");
  assertEquals([seen.status, seen.differences.map(({ row_id }) => row_id)], [
    "completed",
    [other.id],
  ]);
  assert(seen.findings.some(({ kind }) => kind === "fold_failed"));

  // Once people have set the event aside, the rebuild goes through and the findings end.
  await manager.sql`update events set skip_reason = 'spoiled' where id = ${bad.id}`;
  const healed = await run(manager, "rebuild");
  assertEquals([healed.status, healed.error], ["completed", null]);
  await assertRebuilt(manager);
  const { audit } = await statusOf(manager);
  assertEquals(audit.findings, []);
});

Deno.test("a hole in an aggregate's versions is a finding; it is left alone, all others are healed", async () => {
  const [holed, other] = [await pump(manager), await pump(manager)];
  await manager.sql`update events set processed = false where id = ${holed.price.id}`;
  await manager.sql`update products set name = 'X' where id in (${holed.id}, ${other.id})`;
  const healed = await run(manager, "rebuild", { types: ["product"] });
  assertEquals(healed.status, "completed");
  assertEquals(healed.findings.map(({ kind, event_number }) => [kind, event_number]), [
    ["version_hole", holed.stock.event_number],
  ]);
  assertEquals(healed.differences.map(({ row_id }) => row_id), [other.id]);
  assertEquals((await statusOf(manager)).audit.open_findings, 1);

  await manager.sql`update events set processed = true where id = ${holed.price.id}`;
  await run(manager, "rebuild", { types: ["product"] });
  assertEquals((await statusOf(manager)).audit.open_findings, 0);
  await assertRebuilt(manager);
});

Deno.test("rows that the tables refuse end the rebuild with their reason, and no row is touched", async () => {
  const [one, two] = [await pump(manager), await pump(manager)];
  // The article number of the first is given to a third while the row of the first says otherwise.
  const [row] = await manager.sql`select sku from products where id = ${one.id}`;
  await manager.sql`update products set sku = 'ELSEWHERE' where id = ${one.id}`;
  const third = crypto.randomUUID();
  await happen(manager, created(third, row?.sku));
  await manager.sql`update products set name = 'X' where id = ${two.id}`;
  const before = await rowsInPlace(manager);
  const failed = await run(manager, "rebuild", { types: ["product"] });
  assertEquals(failed.status, "failed");
  assert(failed.error?.includes("products_sku_is_unique"), failed.error ?? "");
  assert(failed.error?.includes(`(sku)=(${row?.sku})`), failed.error ?? "");
  assertEquals(await rowsInPlace(manager), before);
});

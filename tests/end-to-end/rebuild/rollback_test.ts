/** Going back to the rows from before the last rebuild. */
import { assertEquals } from "@std/assert";
import { moved } from "../database_manager/events.ts";
import { managerStack } from "../database_manager/manager_stack.ts";
import { generations } from "../../../shared/domain/aggregates.ts";
import {
  actsOn,
  assertRebuilt,
  report,
  rollBack,
  run,
  start,
  statusOf,
  work,
} from "./rebuilding.ts";
import { happen, openShop, order, pump } from "./shop.ts";

const manager = managerStack();

async function namesOf(...ids: string[]): Promise<Record<string, string>> {
  const rows = await manager.sql`select id, name from products where id = any (${ids})`;
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]));
}

Deno.test("rollback puts updated, missing and surplus rows back as they were found", async () => {
  await openShop(manager, 71);
  const [changed, gone] = [await pump(manager), await pump(manager)];
  const { id: orderId } = await order(manager);
  const squatter = crypto.randomUUID();
  await manager.sql.begin(async (sql) => {
    await sql`update products set name = 'X' where id = ${changed.id}`;
    await sql`delete from product_costs where product_id = ${gone.id}`;
    await sql`delete from products where id = ${gone.id}`;
    await sql`delete from order_items where order_id = ${orderId} and line = 1`;
    await sql`
      insert into products (id, version, created_at, updated_at, sku, name, base_price,
        stock_quantity, status)
      values (${squatter}, 1, now(), now(), 'SQUAT', 'Squatter', 1, 0, 'active')`;
  });
  const rows = async () =>
    [
      ...await manager.sql`select to_jsonb(p) as row from products p order by id`,
      ...await manager.sql`select to_jsonb(p) as row from product_costs p order by product_id`,
      ...await manager.sql`select to_jsonb(p) as row from order_items p order by order_id, line`,
    ].map(({ row }) => row);
  const before = await rows();
  const rebuilt = await run(manager, "rebuild");
  assertEquals(rebuilt.differing_rows, 5);
  await assertRebuilt(manager);

  const back = await rollBack(manager, rebuilt.id);
  assertEquals([back.kind, back.status, back.differing_rows, back.kept_rows], [
    "rollback",
    "completed",
    5,
    0,
  ]);
  assertEquals(await rows(), before);
  assertEquals(await actsOn(manager, back.id), ["system.rebuild_completed"]);
  assertEquals((await run(manager, "rebuild")).differing_rows, 5);
  await assertRebuilt(manager);
});

Deno.test("aggregates that events have changed since the switch keep their rows", async () => {
  const [quiet, busy] = [await pump(manager), await pump(manager)];
  await manager.sql`update products set name = 'X' where id in (${quiet.id}, ${busy.id})`;
  const rebuilt = await run(manager, "rebuild");
  await happen(manager, moved(busy.id, 1));
  const back = await rollBack(manager, rebuilt.id);
  assertEquals([back.differing_rows, back.kept_rows], [1, 1]);
  assertEquals(await namesOf(quiet.id, busy.id), { [quiet.id]: "X", [busy.id]: "Pump" });
  await run(manager, "rebuild");
  await assertRebuilt(manager);
});

Deno.test("so do those that events change between the decision and the switch", async () => {
  const [quiet, busy] = [await pump(manager), await pump(manager)];
  await manager.sql`update products set name = 'X' where id in (${quiet.id}, ${busy.id})`;
  const rebuilt = await run(manager, "rebuild");
  const { data } = await manager.client.rpc("roll_back_rebuild", {
    p_id: rebuilt.id,
    p_actor: "system",
  });
  await happen(manager, moved(busy.id, 1));
  await work(manager);
  const back = await report(manager, data.id);
  assertEquals([back.status, back.differing_rows, back.kept_rows], ["completed", 1, 1]);
  assertEquals(await namesOf(quiet.id, busy.id), { [quiet.id]: "X", [busy.id]: "Pump" });
  await run(manager, "rebuild");
  await assertRebuilt(manager);
});

Deno.test("rollback gives the generations back, so that a rebuild is asked for again", async () => {
  const newer = { ...generations, product: 7 };
  const needed = async () => {
    const { data } = await manager.client.rpc("database_manager_status", { p_generations: newer });
    return data.needs_rebuild;
  };
  assertEquals(await needed(), ["product"]);
  const rebuilt = await run(manager, "rebuild", { types: ["product"], generations: newer });
  assertEquals(await needed(), []);
  await rollBack(manager, rebuilt.id);
  assertEquals(await needed(), ["product"]);
});

Deno.test("only the last switch can be rolled back, and not while another rebuild runs", async () => {
  const first = await run(manager, "rebuild", { types: ["product"] });
  const second = await run(manager, "rebuild", { types: ["order"] });
  const codeOf = async (id: string) => {
    const { error } = await manager.client.rpc("roll_back_rebuild", {
      p_id: id,
      p_actor: "system",
    });
    return error?.code;
  };
  assertEquals(await codeOf(first.id), "ES016");
  const running = await start(manager, "verify");
  assertEquals(await codeOf(second.id), "ES015");
  while (await work(manager));
  assertEquals((await report(manager, running)).status, "completed");
  assertEquals((await rollBack(manager, second.id)).status, "completed");
  assertEquals(await codeOf(second.id), "ES016");
  assertEquals((await statusOf(manager)).rebuild, null);
});

Deno.test("differences are kept for the last rebuilds and for one that can be rolled back", async () => {
  const purge = () => manager.sql`select private.purge_differences(2, 3)`;
  const { id: victim } = await pump(manager);
  const spoil = () => manager.sql`update products set name = 'X' where id = ${victim}`;
  await spoil();
  const older = await run(manager, "rebuild", { types: ["product"] });
  await spoil();
  const last = await run(manager, "rebuild", { types: ["product"] });
  await manager.sql`update products set name = name || '!'`;
  const [{ products } = {}] = await manager.sql`select count(*)::int as products from products`;
  const verifications = [];
  for (let i = 0; i < 3; i++) {
    verifications.push(await run(manager, "verify", { types: ["product"] }));
  }
  await manager.sql`update products set name = rtrim(name, '!')`;
  await manager.sql`
    update private.rebuilds set purged_at = now() where finished_at < ${older.started_at}`;

  const kept = async (id: string) => {
    const { differences, differing_rows } = await report(manager, id);
    return [differences.length, differing_rows];
  };
  await purge();
  assertEquals(await kept(older.id), [0, 1], "its number stays");
  await purge();
  assertEquals(
    await kept(verifications[0]?.id ?? ""),
    [products - 3, products],
    "a little at once",
  );
  for (let i = 0; i < products; i += 3) await purge();
  assertEquals(await kept(verifications[0]?.id ?? ""), [0, products]);
  assertEquals(await kept(verifications[1]?.id ?? ""), [products, products]);
  assertEquals(await kept(last.id), [1, 1]);
  assertEquals((await rollBack(manager, last.id)).differing_rows, 1);
  assertEquals(await namesOf(victim), { [victim]: "X" });
  await run(manager, "rebuild");
  await assertRebuilt(manager);
});

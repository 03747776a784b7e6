/** Rows that somebody changed by hand: a verification finds each, a rebuild heals each. */
import { assertEquals } from "@std/assert";
import { managerStack } from "../database_manager/manager_stack.ts";
import { created, moved, spoiled } from "../database_manager/events.ts";
import { assertRebuilt, type ReportedDifference, rowsInPlace, run } from "./rebuilding.ts";
import { happen, openShop, order, pump } from "./shop.ts";

const manager = managerStack();

/** Verifies, checks what was found, rebuilds, and checks that all is well and nothing else was touched. */
async function foundAndHealed(
  expected: readonly [operation: string, table: string, row: string, fields?: string[]][],
  check: (differences: ReportedDifference[]) => void = () => {},
): Promise<void> {
  const before = await rowsInPlace(manager);
  const found = await run(manager, "verify");
  assertEquals([found.status, found.findings], ["completed", []]);
  assertEquals(found.differing_rows, expected.length);
  const short = found.differences.map(({ operation, table_name, row_id, fields }, index) => [
    operation,
    table_name,
    row_id,
    ...expected[index]?.[3] ? [fields] : [],
  ]);
  assertEquals(short, expected.map((one) => [...one]));
  check(found.differences);
  assertEquals(await rowsInPlace(manager), before, "a verification changes nothing");

  const healed = await run(manager, "rebuild");
  assertEquals([healed.status, healed.differing_rows], ["completed", expected.length]);
  await assertRebuilt(manager);
  assertEquals((await run(manager, "verify")).differing_rows, 0);
}

Deno.test("a shop that nobody touched has no difference", async () => {
  await openShop(manager, 31);
  const found = await run(manager, "verify");
  const { status, differing_rows, findings, events_done, events_total, percent } = found;
  assertEquals([status, differing_rows, findings, percent], ["completed", 0, [], 100]);
  assertEquals(events_done, events_total);
});

Deno.test("a changed field is found with the event that last set it", async () => {
  const { id, price } = await pump(manager);
  await manager.sql`update products set base_price = 1 where id = ${id}`;
  await foundAndHealed([["update", "products", id, ["base_price"]]], ([difference]) => {
    assertEquals([difference?.before?.base_price, difference?.after?.base_price], [1, 90]);
    assertEquals(difference?.version, 3);
    const { id: event_id, event_number } = price;
    assertEquals(difference?.last_changed_by, { base_price: { event_id, event_number } });
  });
});

Deno.test("several changed fields are found each with its own event", async () => {
  const { id, birth, price, stock } = await pump(manager);
  await manager.sql`
    update products set name = 'X', base_price = 2, stock_quantity = -1 where id = ${id}`;
  const fields = ["base_price", "name", "stock_quantity"];
  await foundAndHealed([["update", "products", id, fields]], ([difference]) => {
    const blamed = Object.entries(difference?.last_changed_by ?? {}).map(([field, event]) => [
      field,
      event?.event_id,
    ]);
    assertEquals(Object.fromEntries(blamed), {
      base_price: price.id,
      name: birth.id,
      stock_quantity: stock.id,
    });
  });
});

Deno.test("a row that is gone is found and comes back, children included", async () => {
  const { id } = await pump(manager);
  await manager.sql.begin(async (sql) => {
    await sql`delete from product_costs where product_id = ${id}`;
    await sql`delete from products where id = ${id}`;
  });
  await foundAndHealed([["insert", "product_costs", id], ["insert", "products", id]]);
});

Deno.test("a child row that is gone comes back alone", async () => {
  const { id } = await order(manager);
  await manager.sql`delete from order_items where order_id = ${id} and line = 2`;
  await foundAndHealed([["insert", "order_items", `${id}:2`]]);
});

Deno.test("a child row too many, or changed, is found by its keys", async () => {
  const { id } = await order(manager);
  await manager.sql`
    insert into order_items select order_id, 7, owner_id, product_id, sku, name, quantity,
      unit_price, line_total from order_items where order_id = ${id} and line = 1`;
  await manager.sql`update order_items set sku = 'C' where order_id = ${id} and line = 2`;
  await foundAndHealed([
    ["update", "order_items", `${id}:2`, ["sku"]],
    ["delete", "order_items", `${id}:7`],
  ]);
});

Deno.test("a row of an aggregate without any event is found and goes", async () => {
  const id = crypto.randomUUID();
  await squat(id);
  await manager.sql`insert into product_costs values (${id}, 5)`;
  await foundAndHealed([["delete", "product_costs", id], ["delete", "products", id]]);
});

Deno.test("a row of an aggregate whose only event is parked is found and goes", async () => {
  const id = crypto.randomUUID();
  await happen(manager, spoiled(id));
  await squat(id);
  await foundAndHealed([["delete", "products", id]]);
});

Deno.test("a wrong version is found and healed, and the aggregate goes on", async () => {
  const { id } = await pump(manager);
  await manager.sql`update products set version = 9 where id = ${id}`;
  await foundAndHealed([["update", "products", id, ["version"]]]);
  await happen(manager, moved(id, 1));
  await assertRebuilt(manager);
});

Deno.test("unique values that two rows have exchanged are put back", async () => {
  const [one, two] = [await pump(manager), await pump(manager)];
  await manager.sql.begin(async (sql) => {
    const [[a], [b]] = [
      await sql`select sku from products where id = ${one.id}`,
      await sql`select sku from products where id = ${two.id}`,
    ];
    await sql`update products set sku = 'ELSEWHERE' where id = ${one.id}`;
    await sql`update products set sku = ${a?.sku} where id = ${two.id}`;
    await sql`update products set sku = ${b?.sku} where id = ${one.id}`;
  });
  const ids = [one.id, two.id].sort();
  await foundAndHealed([
    ["update", "products", ids[0] ?? "", ["sku"]],
    ["update", "products", ids[1] ?? "", ["sku"]],
  ]);
});

Deno.test("only the types asked for are looked at and healed", async () => {
  const { id } = await pump(manager);
  const { id: orderId } = await order(manager);
  await manager.sql`update products set name = 'X' where id = ${id}`;
  await manager.sql`update orders set notes = 'X' where id = ${orderId}`;
  const healed = await run(manager, "rebuild", { types: ["order"] });
  assertEquals(healed.differences.map(({ row_id }) => row_id), [orderId]);
  await foundAndHealed([["update", "products", id, ["name"]]]);
});

Deno.test("more differences than a report shows are counted, and all are healed", async () => {
  const ids = Array.from({ length: 130 }, () => crypto.randomUUID());
  await happen(manager, ...ids.map((id) => created(id)));
  await manager.sql`update products set name = 'X' where id = any (${ids})`;
  const found = await run(manager, "verify");
  assertEquals([found.differing_rows, found.differences.length], [130, 100]);
  assertEquals((await run(manager, "rebuild")).differing_rows, 130);
  await assertRebuilt(manager);
});

/** A product that is not in the log. */
async function squat(id: string): Promise<void> {
  await manager.sql`
    insert into products (id, version, created_at, updated_at, sku, name, base_price,
      stock_quantity, status)
    values (${id}, 1, now(), now(), ${`SQUAT-${id}`}, 'Squatter', 1, 0, 'active')`;
}

/** Event-to-transaction mapping: what an event did, and which event a field is from. */
import { assertEquals } from "@std/assert";
import { id, productCreated, stored } from "../shop.ts";
import { done, refusal, staff, untilProcessed } from "./manager.ts";

interface Change {
  table_name: string;
  row_id: string;
  operation: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

async function changesOf(eventId: string) {
  const { processed, changes } = await done(`events/${eventId}/changes`);
  assertEquals(processed, true);
  return changes.map(({ table_name, row_id, operation, before, after }: Change) => ({
    table_name,
    row_id,
    operation,
    before,
    after,
  }));
}

async function blame(table: string, rowId: string): Promise<Record<string, [unknown, string]>> {
  const { fields } = await done(`rows/${table}/${rowId}/blame`);
  return Object.fromEntries(
    Object.entries(fields).map(([name, one]) => {
      const { value, event_id } = one as { value: unknown; event_id: string };
      return [name, [value, event_id]];
    }),
  );
}

const pump = id("rows: pump");
const event = (event_type: string, data: unknown) => ({
  event_type,
  aggregate_type: "product",
  aggregate_id: pump,
  data,
});

const birth = await stored(
  productCreated(pump, { data: { sku: "ROWS-1", name: "Pump", base_price: 100, cost: 40 } }),
  staff,
);
const review = await stored(event("product.updated", { name: "Better pump", cost: 50 }), staff);
const cleared = await stored(event("product.updated", { cost: null }), staff);
const moved = await stored(
  event("product.stock_updated", { quantity_change: 5, reason: "count" }),
  staff,
);
await untilProcessed(moved.id);

Deno.test("the first event inserts a row in each table", async () => {
  const [main, cost, ...rest] = await changesOf(birth.id);
  assertEquals(rest, []);
  assertEquals([main.table_name, main.row_id, main.operation, main.before], [
    "products",
    pump,
    "insert",
    null,
  ]);
  assertEquals([main.after.sku, main.after.version, main.after.base_price], ["ROWS-1", 1, 100]);
  assertEquals(cost, {
    table_name: "product_costs",
    row_id: pump,
    operation: "insert",
    before: null,
    after: { product_id: pump, cost: 40 },
  });
});

Deno.test("a change keeps the changed columns only, before and after, child tables included", async () => {
  assertEquals(await changesOf(review.id), [
    {
      table_name: "products",
      row_id: pump,
      operation: "update",
      before: { name: "Pump", version: 1, updated_at: birth.created_at },
      after: { name: "Better pump", version: 2, updated_at: review.created_at },
    },
    {
      table_name: "product_costs",
      row_id: pump,
      operation: "update",
      before: { cost: 40 },
      after: { cost: 50 },
    },
  ]);
});

Deno.test("a child row that goes is a delete, with the row as it was", async () => {
  const [, gone] = await changesOf(cleared.id);
  assertEquals(gone, {
    table_name: "product_costs",
    row_id: pump,
    operation: "delete",
    before: { product_id: pump, cost: 50 },
    after: null,
  });
});

Deno.test("blame names for each field of a row the event that last changed it", async () => {
  const fields = await blame("products", pump);
  assertEquals(
    { sku: fields.sku, name: fields.name, stock_quantity: fields.stock_quantity },
    {
      sku: ["ROWS-1", birth.id],
      name: ["Better pump", review.id],
      stock_quantity: [5, moved.id],
    },
  );
  assertEquals(fields.version, [4, moved.id]);
  assertEquals(fields.updated_at, [moved.created_at, moved.id]);
  const one = await done(`rows/products/${pump}/blame?field=name`);
  assertEquals(Object.keys(one.fields), ["name"]);
  assertEquals(one.fields.name.operation, "update");
});

Deno.test("blame of a deleted child row names the event that deleted it", async () => {
  const { fields } = await done(`rows/product_costs/${pump}/blame`);
  assertEquals(
    [fields.cost.operation, fields.cost.value, fields.cost.event_id],
    ["delete", 50, cleared.id],
  );
});

Deno.test("rows with several key columns are found by their keys joined", async () => {
  const order = id("rows: order");
  const item = (sku: string) => ({
    product_id: pump,
    sku,
    name: "Pump",
    quantity: 2,
    unit_price: 10,
  });
  const of = (event_type: string, data: unknown) => ({
    event_type,
    aggregate_type: "order",
    aggregate_id: order,
    data,
  });
  const created = await stored(
    of("order.created", { customer_id: id("rows: customer"), items: [item("A"), item("B")] }),
    staff,
  );
  const removed = await stored(of("order.item_removed", { line: 1 }), staff);
  await untilProcessed(removed.id);
  assertEquals((await blame("order_items", `${order}:2`)).sku, ["B", created.id]);
  assertEquals((await blame("order_items", `${order}:1`)).sku, ["A", removed.id]);
  const changes = await changesOf(removed.id);
  assertEquals(
    changes.map(({ table_name, row_id, operation }: Change) => [table_name, row_id, operation]),
    [["orders", order, "update"], ["order_items", `${order}:1`, "delete"]],
  );
});

Deno.test("blame of a row, a field or a table that no event changed is 404; bad names are 400", async () => {
  const unknown = [404, "row_not_found"];
  assertEquals(await refusal(`rows/products/${id("rows: nobody")}/blame`), unknown);
  assertEquals(await refusal(`rows/no_such_table/${pump}/blame`), unknown);
  assertEquals(await refusal(`rows/products/${pump}/blame?field=colour`), unknown);
  assertEquals(await refusal(`rows/pg.class/${pump}/blame`), [400, "invalid_parameter"]);
  assertEquals(await refusal(`rows/products/${pump}/blame?column=name`), [
    400,
    "invalid_parameter",
  ]);
});

Deno.test("changes of an event that is not processed are none, and it says so", async () => {
  await stored(productCreated(id("rows: twice")), staff);
  const twice = await stored(productCreated(id("rows: twice")), staff);
  assertEquals(await done(`events/${twice.id}/changes`), {
    processed: false,
    changes: [],
    next: null,
  });
});

Deno.test("changes come in pages, in order, each once", async () => {
  const path = `events/${birth.id}/changes`;
  const whole = await done(path);
  assertEquals([whole.changes.length, whole.next], [2, null]);
  const [first, second] = whole.changes;
  const page = await done(`${path}?limit=1`);
  assertEquals(page, { processed: true, changes: [first], next: first.change_number });
  const last = await done(`${path}?limit=1&cursor=${page.next}`);
  assertEquals(last, { processed: true, changes: [second], next: second.change_number });
  const after = await done(`${path}?limit=1&cursor=${last.next}`);
  assertEquals(after, { processed: true, changes: [], next: null });
  for (const query of ["limit=0", "limit=1001", "cursor=-1", "cursor=x", "page=2"]) {
    assertEquals(await refusal(`${path}?${query}`), [400, "invalid_parameter"], query);
  }
});

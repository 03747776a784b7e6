/** Staff hear through supabase-js that there are events, within milliseconds, and nothing that is in them. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { signIn } from "../../support/people.ts";
import { openSql } from "../../support/stack.ts";
import { post } from "../../database/posting.ts";
import { append, customerRegistered, productCreated } from "./append.ts";
import { about, listen } from "./listener.ts";

for (const version of ["1.0.0", "2.0.0"] as const) {
  Deno.test(`staff hear of an event as it is inserted and processed, with protocol ${version}`, async () => {
    const { token } = await signIn("staff");
    await using all = await listen("events", { token, version });
    await using products = await listen("events:product", { token, version });
    await using sql = openSql();
    assertEquals([all.states, products.states], [["SUBSCRIBED"], ["SUBSCRIBED"]]);
    const { event_number } = await append(sql);
    for (const listener of [all, products]) {
      await listener.hears(about("processed", event_number));
      const { payload } = await listener.hears(({ payload: { first, last } }) =>
        first <= event_number && event_number <= last
      );
      assert(payload.event_types.includes("product.created"));
      assert(payload.aggregate_types.includes("product"));
    }
  });
}

Deno.test("a topic of one aggregate type is silent about the others", async () => {
  const { token } = await signIn("staff");
  await using products = await listen("events:product", { token });
  await using customers = await listen("events:customer", { token });
  await using sql = openSql();
  const { events: [product, customer] } = await post(sql, [productCreated(), customerRegistered()]);
  await products.hears(about("processed", product?.event_number ?? 0));
  await customers.hears(about("processed", customer?.event_number ?? 0));
  for (const { payload } of products.heard) assertEquals(payload.aggregate_types, ["product"]);
  for (const { payload } of customers.heard) assertEquals(payload.aggregate_types, ["customer"]);
});

Deno.test("a broadcast holds numbers and types, and nothing of the events", async () => {
  const { token } = await signIn("staff");
  await using all = await listen("events", { token });
  await using sql = openSql();
  const { event_number, aggregate_id, id } = await append(sql);
  await all.hears(about("processed", event_number));
  for (const { event, payload } of all.heard) {
    assert(["inserted", "processed", "failed", "head"].includes(event));
    const { id: _ofTheMessage, ...ours } = payload as typeof payload & { id: string }; // added by realtime.send
    assertEquals(Object.keys(ours).sort(), ["aggregate_types", "event_types", "first", "last"]);
    assert(
      !JSON.stringify(payload).includes(aggregate_id) && !JSON.stringify(payload).includes(id),
    );
  }
});

Deno.test("many events of one append are one broadcast a topic", async () => {
  const { token } = await signIn("staff");
  await using all = await listen("events", { token });
  await using sql = openSql();
  await sql`update private.doorbell set closed_until = '-infinity'`;
  const { events } = await post(sql, Array.from({ length: 100 }, () => productCreated()));
  const [first = 0, last = 0] = [events.at(0)?.event_number, events.at(-1)?.event_number];
  await all.hears(about("processed", last));
  const inserted = all.heard.filter(({ event, payload }) =>
    event === "inserted" && payload.last >= first && payload.first <= last
  );
  assertEquals(inserted.map(({ payload }) => [payload.first, payload.last]), [[first, last]]);
});

Deno.test("an append that is rolled back, or refused, broadcasts nothing", async () => {
  await using sql = openSql();
  const { token } = await signIn("staff");
  await using all = await listen("events", { token });
  await sql`update private.doorbell set closed_until = '-infinity'`;
  await sql`begin`;
  const undone = await append(sql);
  await sql`rollback`;
  await assertRejects(() => append(sql, { ...productCreated(), expected_version: 7 }));
  const { event_number } = await append(sql);
  await all.hears(about("processed", event_number));
  const covered = all.heard.filter(({ payload }) => payload.first <= undone.event_number);
  assertEquals(covered.filter(({ event }) => event === "inserted"), []);
});

Deno.test("a broadcast comes within 50 ms of the append, at the best of ten", async () => {
  const { token } = await signIn("staff");
  await using all = await listen("events", { token });
  await using sql = openSql();
  const delays: number[] = [];
  for (let i = 0; i < 10; i++) {
    await sql`update private.doorbell set closed_until = '-infinity'`;
    const { event_number } = await append(sql);
    const ended = performance.now();
    const { at } = await all.hears(about("inserted", event_number));
    delays.push(at - ended);
    await all.hears(about("processed", event_number));
  }
  assert(Math.min(...delays) < 50, `${delays}`);
});

/** An append may say which version it builds on; another version is a conflict that shows what was missed. */
import { assertEquals } from "@std/assert";
import { onEachPath } from "./each_path.ts";
import { ANNA } from "./people.ts";
import { id, orderCreated, post, type Posting, service, stockUpdated, user } from "./posting.ts";
import { become, errorOf, outcomeOf, undone } from "./undone.ts";

const product = id("expected product", 1);
const at = (expected_version: number): Posting => stockUpdated(product, { expected_version });

onEachPath("the version an append expects is the one it finds, from 0 on", async (sql, append) => {
  for (const version of [0, 1, 2]) {
    assertEquals((await append(sql, at(version))).event.aggregate_version, version + 1);
  }
});

onEachPath("any other expectation is refused with ES007", async (sql, append) => {
  assertEquals(await outcomeOf(sql, (s) => append(s, at(1))), "ES007");
  await append(sql, at(0));
  for (const version of [0, 2, 99, -1]) {
    assertEquals(await outcomeOf(sql, (s) => append(s, at(version))), "ES007", `${version}`);
  }
  assertEquals((await append(sql, at(1))).event.aggregate_version, 2);
});

onEachPath("no expectation fits any version", async (sql, append) => {
  await append(sql, stockUpdated(product));
  assertEquals((await append(sql, stockUpdated(product))).event.aggregate_version, 2);
});

onEachPath(
  "a conflict says the current version and returns the events missed",
  async (sql, append) => {
    const stored = [];
    for (const version of [0, 1, 2]) stored.push((await append(sql, at(version))).event);
    const error = await errorOf(sql, (s) => append(s, at(1)));
    assertEquals(error?.message, `product ${product} is at version 3, not 1`);
    assertEquals(JSON.parse(error?.detail ?? ""), {
      aggregate_type: "product",
      aggregate_id: product,
      expected_version: 1,
      current_version: 3,
      missed: stored.slice(1),
    });
  },
);

onEachPath("a conflict returns at most the first 100 events missed", async (sql, append) => {
  await become(sql, "service_role");
  await post(sql, Array.from({ length: 150 }, () => stockUpdated(product)));
  const error = await errorOf(sql, (s) => append(s, at(20)));
  const { missed, current_version } = JSON.parse(error?.detail ?? "");
  const versions = missed.map((event: { aggregate_version: number }) => event.aggregate_version);
  assertEquals(versions, Array.from({ length: 100 }, (_, i) => 21 + i));
  assertEquals(current_version, 150);
});

onEachPath("an expectation above the current version misses nothing", async (sql, append) => {
  await append(sql, at(0));
  const error = await errorOf(sql, (s) => append(s, at(5)));
  const { current_version, missed } = JSON.parse(error?.detail ?? "");
  assertEquals([current_version, missed], [1, []]);
});

onEachPath("an owner may expect a version of their own aggregate", async (sql, append) => {
  const order = id("expected order", 1);
  const expecting = (version: number) => orderCreated(order, ANNA, { expected_version: version });
  await append(sql, expecting(0), user(ANNA));
  assertEquals(await outcomeOf(sql, (s) => append(s, expecting(0), user(ANNA))), "ES007");
  assertEquals((await append(sql, expecting(1), user(ANNA))).event.aggregate_version, 2);
});

Deno.test("inside a batch each expectation counts the events of the aggregate before it", async () => {
  await undone(async (sql) => {
    await become(sql, "service_role");
    const other = id("expected product", 2);
    const onOther = (version: number) => stockUpdated(other, { expected_version: version });
    const { events } = await post(sql, [at(0), onOther(0), at(1), stockUpdated(product), at(3)]);
    assertEquals(events.map((event) => event.aggregate_version), [1, 1, 2, 3, 4]);

    const wrong = [[at(4), at(4)], [at(5), at(4)], [at(4), onOther(0)], [at(4), at(6)]];
    for (const batch of wrong) {
      assertEquals(await outcomeOf(sql, (s) => post(s, batch)), "ES007");
    }
    const right = await post(sql, [at(4), onOther(1), at(5)], service);
    assertEquals(right.events.map((event) => event.aggregate_version), [5, 2, 6]);
  });
});

Deno.test("a batch may create an aggregate only once: the second 0 is a conflict", async () => {
  await undone(async (sql) => {
    await become(sql, "service_role");
    assertEquals(await outcomeOf(sql, (s) => post(s, [at(0), at(0)])), "ES007");
    const [row] = await sql`select from public.events where aggregate_id = ${product}`;
    assertEquals(row, undefined);
  });
});

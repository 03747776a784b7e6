/** An event that cannot be applied is retried, then parked with what waits behind it; everything else flows. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { assertSettled } from "../../support/oracle.ts";
import { aggregatesOfOnePartition, created, many, mark, moved, post, spoiled } from "./events.ts";
import { drainHere, drainToRest, makeRetriesDue, managerStack } from "./manager_stack.ts";
import { barrierOf, productOf, versionsDone } from "./seen.ts";

const manager = managerStack();

Deno.test("an event that evolve refuses is retried after 1 and 5 seconds, then parked", async () => {
  const id = crypto.randomUUID();
  const [, bad] = await post(manager, created(id), spoiled(id), moved(id));
  await drainHere(manager);
  for (const [attempts, seconds] of [[1, 1], [2, 5], [3, null]]) {
    const barrier = await barrierOf(manager, id);
    assertEquals([barrier?.event_number, barrier?.attempts], [bad?.event_number, attempts]);
    assertEquals(barrier?.seconds, seconds);
    const early = await drainHere(manager);
    assertEquals([early.processed, early.failed], [0, 0]); // not before its time
    await makeRetriesDue(manager);
    await drainHere(manager);
  }
  const barrier = await barrierOf(manager, id);
  assertEquals([barrier?.attempts, barrier?.error_code], [3, "invalid_event_data"]); // left alone
  assertStringIncludes(barrier?.error ?? "", "quantity_change");
  const { events } = await assertSettled(manager.sql);
  const event = events.find((each) => each.id === bad?.id);
  assertEquals([event?.processing_error, event?.processing_attempts], [barrier?.error, 3]);
  assertEquals(await versionsDone(manager, id), [1]);
});

Deno.test("an event that the database refuses at commit is parked, the one before it is not", async () => {
  const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
  await post(manager, created(first, "TWICE"), created(second, "TWICE"), moved(second));
  await post(manager, moved(first));
  await drainToRest(manager);
  await assertSettled(manager.sql);
  assertEquals(await versionsDone(manager, first), [1, 2]);
  assertEquals(await versionsDone(manager, second), []);
  const barrier = await barrierOf(manager, second);
  assertEquals([barrier?.attempts, barrier?.error_code, barrier?.seconds], [3, "23505", null]);
  assertStringIncludes(barrier?.error ?? "", "products_sku_is_unique");
  assertStringIncludes(barrier?.error ?? "", "(sku)=(TWICE)");
});

Deno.test("the other aggregates of the same partition and batch flow", async () => {
  const ids = await aggregatesOfOnePartition(manager.sql, 40);
  const [spoilt = "", taken = "", ...good] = ids;
  await post(manager, ...ids.map((id) => created(id, id === taken ? "TWICE" : undefined)));
  await post(
    manager,
    spoiled(spoilt),
    ...ids.map((id) => moved(id)),
    ...ids.map((id) => moved(id)),
  );
  await drainHere(manager, { partitions: 1 });
  for (const id of good) assertEquals(await versionsDone(manager, id), [1, 2, 3]);
  assertEquals(await versionsDone(manager, spoilt), [1]);
  assertEquals(await versionsDone(manager, taken), []);
  await drainToRest(manager);
  await assertSettled(manager.sql);
});

Deno.test("thirty refused events in one batch are each found, and nothing else is held up", async () => {
  const good = many(30, () => crypto.randomUUID());
  const bad = many(30, () => crypto.randomUUID());
  await post(manager, ...good.flatMap((id, i) => [created(id), created(bad[i] ?? "", "TWICE")]));
  await drainHere(manager);
  const rows = await manager.sql`
    select aggregate_id from private.blocked_aggregates where aggregate_id = any (${bad})`;
  assertEquals(rows.length, 30);
  const projected = await manager.sql`select id from public.products where id = any (${good})`;
  assertEquals(projected.length, 30);
  await drainToRest(manager);
  await assertSettled(manager.sql);
});

Deno.test("once the cause is gone a retry lets the aggregate go on by itself", async () => {
  const id = crypto.randomUUID();
  await manager.sql`
    alter table public.products add constraint at_most_100 check (stock_quantity <= 100)`;
  await post(manager, created(id), moved(id, 500), moved(id, -1), moved(id, -1));
  await drainHere(manager);
  assertEquals((await barrierOf(manager, id))?.error_code, "23514");
  assertEquals(await versionsDone(manager, id), [1]);
  await manager.sql`alter table public.products drop constraint at_most_100`;
  await makeRetriesDue(manager);
  await drainHere(manager);
  assertEquals(await versionsDone(manager, id), [1, 2, 3, 4]);
  assertEquals(await productOf(manager, id), { stock_quantity: 498, version: 4 });
  assertEquals(await barrierOf(manager, id), undefined);
  await assertSettled(manager.sql);
});

Deno.test("a parked event that staff retry is tried again, and parked again at once", async () => {
  const id = crypto.randomUUID();
  const [, bad] = await post(manager, created(id), spoiled(id));
  await drainToRest(manager);
  assertEquals(await mark(manager, bad?.id, "pending"), {});
  await drainHere(manager);
  const barrier = await barrierOf(manager, id);
  assertEquals([barrier?.attempts, barrier?.seconds], [4, null]);
  await drainHere(manager);
  await assertSettled(manager.sql);
});

Deno.test("a skipped event changes no state but its version, and lets its siblings go on", async () => {
  const id = crypto.randomUUID();
  await post(manager, created(id));
  const [bad] = await post(manager, spoiled(id), moved(id, 3), moved(id, 4));
  await drainToRest(manager);
  assertEquals(await mark(manager, bad?.id, "processed", "posted by mistake"), {});
  await drainHere(manager);
  assertEquals(await versionsDone(manager, id), [1, 2, 3, 4]);
  assertEquals(await productOf(manager, id), { stock_quantity: 7, version: 4 });
  const { changes } = await assertSettled(manager.sql);
  const receipts = changes.filter(({ event_id }) => event_id === bad?.id);
  assertEquals(receipts.map(({ after }) => Object.keys(after ?? {})), [["version", "updated_at"]]);
});

Deno.test("the very first event of an aggregate can be skipped, and it can begin with the second", async () => {
  const id = crypto.randomUUID();
  const [bad] = await post(manager, spoiled(id), created(id), moved(id));
  await drainToRest(manager);
  assertEquals(await mark(manager, bad?.id, "processed"), {});
  await drainHere(manager);
  assertEquals(await versionsDone(manager, id), [1, 2, 3]);
  assertEquals(await productOf(manager, id), { stock_quantity: 1, version: 3 });
  await assertSettled(manager.sql);
});

Deno.test("siblings that arrive behind a parked event wait, and go on in order after a skip", async () => {
  const id = crypto.randomUUID();
  const [, bad] = await post(manager, created(id), spoiled(id));
  await drainToRest(manager);
  for (let late = 0; late < 3; late++) {
    await post(manager, moved(id));
    await drainHere(manager);
  }
  assertEquals(await versionsDone(manager, id), [1]);
  assertEquals((await barrierOf(manager, id))?.event_number, bad?.event_number);
  await mark(manager, bad?.id, "processed");
  await drainHere(manager);
  assertEquals(await versionsDone(manager, id), [1, 2, 3, 4, 5]);
  await assertSettled(manager.sql);
});

Deno.test("two poisoned events of one aggregate are parked one after the other", async () => {
  const id = crypto.randomUUID();
  const [, one, , two] = await post(manager, created(id), spoiled(id), moved(id), spoiled(id));
  await drainToRest(manager);
  await mark(manager, one?.id, "processed");
  await drainToRest(manager);
  assertEquals((await barrierOf(manager, id))?.event_number, two?.event_number);
  assertEquals(await versionsDone(manager, id), [1, 2, 3]);
  const { blocked } = await assertSettled(manager.sql);
  assert(blocked.some(({ event_number }) => event_number === two?.event_number));
});

/** A lease is the right to commit: who lost it cannot, and its batch is done by another, once. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Batch } from "../../../shared/database_manager/batch.ts";
import { commitOf } from "../../../shared/database_manager/commit.ts";
import { projectBatch } from "../../../shared/database_manager/project.ts";
import { StoreError } from "../../../shared/database_manager/store.ts";
import { assertNothingLostNorDoubled, assertSettled } from "../../support/oracle.ts";
import { registerTypes, traffic } from "../../support/traffic.ts";
import { tellStories } from "../../support/traffic/clients.ts";
import { throughDatabase } from "../../support/traffic/transports.ts";
import { created, many, mark, moved, post } from "./events.ts";
import { drainHere, drainToRest, expireLeases, managerStack, storeOf } from "./manager_stack.ts";
import { heldRow, untilWaiting } from "./waiting.ts";

const manager = managerStack();

/** The sixteen partitions at once, as much as there is. */
const everything = { batch: 8000, partitions: 16, leaseSeconds: 30 };

async function assertCannotCommit(store: ReturnType<typeof storeOf>, batch: Batch): Promise<void> {
  const work = commitOf(projectBatch(batch));
  const refused = await assertRejects(() => store.commit(batch.leases, work, true), StoreError);
  assertEquals(refused.code, "ES012");
}

Deno.test("a worker that wakes up after its lease ended cannot commit, though nobody took over", async () => {
  await post(manager, ...many(5, () => created(crypto.randomUUID())));
  const sleeper = storeOf(manager);
  const batch = await sleeper.take(everything);
  assertEquals(batch.events.length, 5);
  await expireLeases(manager);
  await assertCannotCommit(sleeper, batch);
  const { processed } = await assertNothingLostNorDoubled(manager.sql).then(({ statistics }) =>
    statistics
  );
  assertEquals(processed, 0);
  await drainHere(manager);
  await assertSettled(manager.sql);
});

Deno.test("the batch of a worker that sleeps too long is redone by another, exactly once", async () => {
  const ids = many<string>(5, () => crypto.randomUUID());
  await post(manager, ...ids.flatMap((id) => [created(id), moved(id), moved(id)]));
  const sleeper = storeOf(manager);
  const batch = await sleeper.take(everything);
  await expireLeases(manager);
  assertEquals((await drainHere(manager)).processed, 15);
  await assertCannotCommit(sleeper, batch);
  const { changes } = await assertSettled(manager.sql);
  const receipts = changes.filter(({ row_id }) => ids.includes(row_id));
  assertEquals(receipts.length, 15);
});

Deno.test("a late worker cannot commit while the one that took over is still at work", async () => {
  await post(manager, created(crypto.randomUUID()));
  const [sleeper, successor] = [storeOf(manager), storeOf(manager)];
  const lost = await sleeper.take(everything);
  await expireLeases(manager);
  const batch = await successor.take(everything);
  assertEquals(batch.events, lost.events);
  await assertCannotCommit(sleeper, lost);
  await sleeper.release(); // gives back nothing that is another's
  await successor.commit(batch.leases, commitOf(projectBatch(batch)), true);
  await assertSettled(manager.sql);
});

Deno.test("a batch cannot be committed twice", async () => {
  await post(manager, created(crypto.randomUUID()));
  const store = storeOf(manager);
  const batch = await store.take(everything);
  const work = commitOf(projectBatch(batch));
  await store.commit(batch.leases, work, false);
  const twice = await assertRejects(() => store.commit(batch.leases, work, true), StoreError);
  assert(["ES014", "23505"].includes(twice.code), twice.code);
  await store.release();
  await assertSettled(manager.sql);
});

Deno.test("a leased partition is nobody else's, the others are free", async () => {
  await post(manager, ...many(100, () => created(crypto.randomUUID())));
  const first = await storeOf(manager).take({ ...everything, partitions: 4 });
  const second = await storeOf(manager).take(everything);
  const taken = (batch: Batch) => batch.leases.map(({ partition }) => partition);
  assertEquals(taken(first).length, 4);
  assertEquals(taken(second).filter((partition) => taken(first).includes(partition)), []);
  assertEquals(first.events.length + second.events.length, 100);
  await expireLeases(manager);
  await drainHere(manager);
  await assertSettled(manager.sql);
});

Deno.test("marking an event takes its batch from the worker that holds it", async () => {
  const id = crypto.randomUUID();
  const [, second] = await post(manager, created(id), moved(id, 7), moved(id));
  const store = storeOf(manager);
  const batch = await store.take(everything);
  assertEquals(await mark(manager, second?.id, "processed", "wrong count"), {});
  await assertCannotCommit(store, batch);
  await drainHere(manager);
  const { events } = await assertSettled(manager.sql);
  assertEquals(events.find((event) => event.id === second?.id)?.skip_reason, "wrong count");
  const [row] = await manager.sql`select stock_quantity, version from products where id = ${id}`;
  assertEquals({ ...row }, { stock_quantity: 1, version: "3" });
});

Deno.test("marking an event while its batch commits is in nobody's way", async () => {
  const id = crypto.randomUUID();
  await post(manager, created(id));
  await drainHere(manager);
  const [event] = await post(manager, moved(id));
  const row = await heldRow(manager.sql, id);
  // The commit has its leases and waits for the row; marking comes while it waits.
  const drained = drainHere(manager);
  await untilWaiting(manager.sql, 1);
  const marked = mark(manager, event?.id, "failed");
  await untilWaiting(manager.sql, 2);
  await row.letGo();
  assertEquals((await drained).processed, 1);
  assertEquals((await marked).code, "ES014"); // too late, and told so
  await assertSettled(manager.sql);
});

for (const workers of [2, 4]) {
  Deno.test(`${workers} workers at once process each event once and in order`, async () => {
    await registerTypes(manager.sql);
    const { opening, stories, events } = traffic(workers, 500);
    const client = await throughDatabase(manager.stack);
    await tellStories({ opening, stories, events }, [client]);
    const limits = { batch: 20, partitions: 2 };
    await Promise.all(many(workers, () => drainHere(manager, limits)));
    await drainToRest(manager); // a worker ends when the others hold all that is left
    const { blocked } = await assertSettled(manager.sql);
    assertEquals(blocked, []);
  });
}

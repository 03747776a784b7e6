/** A rebuild whose worker dies, sleeps or is stopped: it ends as it should, or leaves everything as it was. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { StoreError } from "../../../shared/database_manager/store.ts";
import { comparePage, endedIn } from "../../../shared/database_manager/rebuild/page.ts";
import type { RebuildStore } from "../../../shared/database_manager/rebuild/store.ts";
import { many, moved, post } from "../database_manager/events.ts";
import { drainHere, managerStack, storeOf } from "../database_manager/manager_stack.ts";
import { productOf } from "../database_manager/seen.ts";
import { commitOf } from "../../../shared/database_manager/commit.ts";
import { projectBatch } from "../../../shared/database_manager/project.ts";
import {
  actsOn,
  assertRebuilt,
  expireRebuildLease,
  rebuildStoreOf,
  report,
  rowsInPlace,
  run,
  start,
  work,
} from "./rebuilding.ts";
import { happen, openShop, pump } from "./shop.ts";

const manager = managerStack();
const limits = { page: 20, events: 1e9, milliseconds: 1e9 };

async function assertTooLate(act: () => Promise<unknown>): Promise<void> {
  assertEquals((await assertRejects(act, StoreError)).code, "ES012");
}

/** Makes the hold of the last step end now. */
async function expireHold(): Promise<void> {
  await manager.sql`
    update private.rebuilds set hold_until = clock_timestamp() - interval '1 millisecond'
    where finished_at is null`;
}

async function cancel(id: string): Promise<void> {
  const { error } = await manager.client.rpc("cancel_rebuild", { p_id: id, p_actor: "system" });
  assertEquals(error, null);
}

Deno.test("a worker that dies between two pages: the next goes on from the last page kept", async () => {
  await openShop(manager, 61, 300);
  const { id: victim } = await pump(manager);
  await manager.sql`update products set name = 'X' where id = ${victim}`;
  const id = await start(manager, "rebuild");
  const dying = rebuildStoreOf(manager);
  let pages = 0;
  const mortal = {
    ...dying,
    scan: (...page: Parameters<typeof dying.scan>) => {
      if (++pages === 4) throw new StoreError("", 0, "killed");
      return dying.scan(...page);
    },
  };
  await assertRejects(() => work(manager, limits, mortal), StoreError);
  const halfway = await report(manager, id);
  assertEquals([halfway.status, halfway.events_done], ["scanning", 40]);
  assertEquals(await work(manager, limits), null, "its lease still holds");
  await expireRebuildLease(manager);
  await work(manager, limits);
  const done = await report(manager, id);
  assertEquals([done.status, done.differing_rows], ["completed", 1]);
  assertEquals(done.events_done, done.events_total);
  await assertRebuilt(manager);
});

Deno.test("a worker that sleeps beyond its lease can write nothing, in any step", async () => {
  const id = await start(manager, "rebuild");
  const sleeper = rebuildStoreOf(manager);
  await sleeper.take();
  const page = await sleeper.scan(id, null, 20);
  await expireRebuildLease(manager);
  await assertTooLate(() => sleeper.scan(id, comparePage(page), 20));
  await assertTooLate(() => sleeper.catchUp(id, null, true, 20));
  await assertTooLate(() => sleeper.switchOver(id));
  assertEquals((await report(manager, id)).events_done, 0);

  // Another takes over; the sleeper is too late while that one is at work, and after.
  const successor = rebuildStoreOf(manager);
  assertEquals((await successor.take())?.id, id);
  await successor.scan(id, comparePage(await successor.scan(id, null, 20)), 20);
  await assertTooLate(() => sleeper.scan(id, comparePage(page), 20));
  assertEquals((await report(manager, id)).events_done, 20);
  await successor.leave();
  await work(manager);
  assertEquals((await report(manager, id)).status, "completed");
  await assertTooLate(() => sleeper.scan(id, comparePage(page), 20));
  await assertTooLate(() => sleeper.switchOver(id));
});

Deno.test("a worker that sleeps in the last step cannot switch, and events flow again", async () => {
  const { id: victim } = await pump(manager);
  await manager.sql`update products set name = 'X' where id = ${victim}`;
  const id = await start(manager, "rebuild", { byHand: true });
  await work(manager);
  await manager.client.rpc("confirm_rebuild", { p_id: id, p_actor: "system" });
  const sleeper = rebuildStoreOf(manager);
  await sleeper.take();
  await sleeper.catchUp(id, null, true, 20);
  await post(manager, moved(victim, 1));
  assertEquals((await drainHere(manager)).processed, 0, "held");
  await expireHold();
  await drainHere(manager);
  assertEquals((await productOf(manager, victim))?.stock_quantity, 8);
  await assertTooLate(() => sleeper.switchOver(id));
  const [row] = await manager.sql`select name from products where id = ${victim}`;
  assertEquals(row?.name, "X");
  await sleeper.leave();
  await work(manager);
  assertEquals((await report(manager, id)).status, "completed");
  await assertRebuilt(manager);
});

Deno.test("a batch that was taken before the last step cannot commit over the new rows", async () => {
  const { id: victim } = await pump(manager);
  await manager.sql`update products set name = 'X' where id = ${victim}`;
  await post(manager, moved(victim, 1));
  const worker = storeOf(manager);
  const batch = await worker.take({ batch: 500, partitions: 16, leaseSeconds: 30 });
  await run(manager, "rebuild");
  const late = () => worker.commit(batch.leases, commitOf(projectBatch(batch)), true);
  await assertTooLate(late);
  await drainHere(manager);
  assertEquals((await productOf(manager, victim))?.stock_quantity, 8);
  await assertRebuilt(manager);
});

Deno.test("what moves while a rebuild waits to be switched is folded again", async () => {
  const [quiet, busy] = [await pump(manager), await pump(manager)];
  await manager.sql`update products set name = 'X' where id in (${quiet.id}, ${busy.id})`;
  const id = await start(manager, "rebuild", { byHand: true });
  await work(manager);
  assertEquals((await report(manager, id)).differences.map(({ version }) => version), [3, 3]);
  await happen(manager, moved(busy.id, 1), moved(busy.id, 1));
  const [row] = await manager.sql`select name from products where id = ${busy.id}`;
  assertEquals(row?.name, "X", "the old generation goes on until the switch");
  await manager.client.rpc("confirm_rebuild", { p_id: id, p_actor: "system" });
  await work(manager);
  const { status, differences } = await report(manager, id);
  assertEquals(status, "completed");
  assertEquals(
    new Map(differences.map(({ row_id, version }) => [row_id, version])).get(busy.id),
    5,
  );
  await assertRebuilt(manager);
});

Deno.test("a row of the old generation that an event made right meanwhile is left as it is", async () => {
  const { id: victim } = await pump(manager);
  await manager.sql`update products set description = 'X' where id = ${victim}`;
  const id = await start(manager, "rebuild", { byHand: true });
  await work(manager);
  await happen(manager, {
    event_type: "product.updated",
    aggregate_type: "product",
    aggregate_id: victim,
    data: { description: "Right" },
  });
  await manager.client.rpc("confirm_rebuild", { p_id: id, p_actor: "system" });
  await work(manager);
  assertEquals((await report(manager, id)).differing_rows, 0);
  await assertRebuilt(manager);
});

Deno.test("cancel leaves everything as it was, in the middle of a scan or after it", async () => {
  const { id: victim } = await pump(manager);
  await manager.sql`update products set name = 'X' where id = ${victim}`;
  const before = await rowsInPlace(manager);

  const scanning = await start(manager, "rebuild");
  const worker = rebuildStoreOf(manager);
  await worker.take();
  const page = await worker.scan(scanning, null, 20);
  await cancel(scanning);
  await assertTooLate(() => worker.scan(scanning, comparePage(page), 20));

  const compared = await start(manager, "rebuild", { byHand: true });
  await work(manager);
  await cancel(compared);
  await assertTooLate(() => worker.switchOver(compared));

  for (const id of [scanning, compared]) {
    assertEquals((await report(manager, id)).status, "cancelled");
    assertEquals(await actsOn(manager, id), ["system.rebuild_failed"]);
  }
  assertEquals(await rowsInPlace(manager), before);
  const after = await run(manager, "rebuild");
  assertEquals([after.status, after.differing_rows], ["completed", 1]);
  await assertRebuilt(manager);
});

Deno.test("cancel in the last step ends the hold at once", async () => {
  const { id: victim } = await pump(manager);
  const id = await start(manager, "rebuild");
  const worker = rebuildStoreOf(manager);
  await worker.take();
  await worker.catchUp(id, null, true, 20);
  await cancel(id);
  await happen(manager, moved(victim, 1));
  assertEquals((await productOf(manager, victim))?.stock_quantity, 8);
});

Deno.test("two workers at once: one rebuilds, the other finds nothing to do", async () => {
  const id = await start(manager, "rebuild");
  const jobs = await Promise.all([work(manager, limits), work(manager, limits)]);
  assertEquals(jobs.filter((job) => job !== null).length, 1);
  assertEquals((await report(manager, id)).status, "completed");
});

Deno.test("the sweep calls a worker for a rebuild that nobody works on, but not for one that waits", async () => {
  const calls = async () => {
    await drainHere(manager); // what a rebuild records of itself is work, too
    await manager.sql`delete from net.http_request_queue`;
    await manager.sql`select private.sweep()`;
    const [row] = await manager.sql`select count(*)::int as n from net.http_request_queue`;
    return row?.n;
  };
  assertEquals(await calls(), 0);
  const id = await start(manager, "rebuild", { byHand: true });
  assertEquals(await calls(), 1);
  const worker = rebuildStoreOf(manager);
  await worker.take();
  assertEquals(await calls(), 0, "leased");
  await expireRebuildLease(manager);
  assertEquals(await calls(), 1);
  await work(manager);
  assertEquals(await calls(), 0, "compared, and to be switched by hand");
  await manager.client.rpc("confirm_rebuild", { p_id: id, p_actor: "system" });
  assertEquals(await calls(), 1);
  await work(manager);
  assertEquals(await calls(), 0);
  assert((await report(manager, id)).status === "completed");
});

/** A rebuild that waits for its switch while one of its aggregates moves on so often. */
async function movedOn(times: number) {
  const [quiet, busy] = [await pump(manager), await pump(manager)];
  await manager.sql`update products set name = 'X' where id in (${quiet.id}, ${busy.id})`;
  const id = await start(manager, "rebuild", { types: ["product"], byHand: true });
  await work(manager);
  await happen(manager, ...many(times, () => moved(busy.id, 1)));
  await manager.client.rpc("confirm_rebuild", { p_id: id, p_actor: "system" });
  return { id, busy: busy.id };
}

Deno.test("catching up reads long aggregates page by page, in as many invocations as it takes", async () => {
  const { id, busy } = await movedOn(40);
  const pages: number[] = [];
  const store = (): RebuildStore => {
    const { catchUp, ...others } = rebuildStoreOf(manager);
    return {
      ...others,
      catchUp: async (...page) => {
        const read = await catchUp(...page);
        pages.push(read.events.length);
        return read;
      },
    };
  };
  const limits = { page: 4, events: 24, milliseconds: 1e9 };
  let invocations = 0;
  while (await work(manager, limits, store())) invocations += 1;
  const { status, differences } = await report(manager, id);
  assertEquals([status, differences.length], ["completed", 2]);
  assert(invocations > 1 && Math.max(...pages) === 4, `${invocations} invocations, ${pages}`);
  assertEquals(await productOf(manager, busy), { stock_quantity: 47, version: 43 });
  await assertRebuilt(manager);
});

Deno.test("a worker that dies halfway through a moved aggregate: the next goes on in its middle", async () => {
  const { id, busy } = await movedOn(20);
  const dying = rebuildStoreOf(manager);
  await dying.take();
  const page = await dying.catchUp(id, null, false, 10);
  assertEquals([page.events.length, page.last_is_complete], [10, false]);
  await dying.catchUp(id, { ...comparePage(page), compared: endedIn(page) }, false, 10);
  await happen(manager, moved(busy, 1));
  await expireRebuildLease(manager);

  const next = rebuildStoreOf(manager);
  await next.take();
  const rest = await next.catchUp(id, null, false, 10);
  assertEquals(rest.events.map(({ aggregate_version }) => aggregate_version).at(0), 11);
  await next.leave();
  await work(manager);
  assertEquals((await report(manager, id)).status, "completed");
  assertEquals(await productOf(manager, busy), { stock_quantity: 28, version: 24 });
  await assertRebuilt(manager);
});

Deno.test("without progress a rebuild is tried ten times, then fails with the last reason", async () => {
  const before = await rowsInPlace(manager);
  const id = await start(manager, "verify");
  const away = {
    ...rebuildStoreOf(manager),
    scan: () => Promise.reject(new StoreError("57014", 500, "statement timeout")),
  };
  for (let attempt = 1; attempt <= 10; attempt++) {
    await assertRejects(() => work(manager, {}, away), StoreError);
    const { status, error, attempts } = await report(manager, id);
    assertEquals([status, error, attempts], ["scanning", "statement timeout", attempt]);
    assertEquals(await work(manager), null, "the next comes some seconds later");
    await expireRebuildLease(manager);
  }
  assertEquals(await work(manager), null);
  const { status, error } = await report(manager, id);
  assertEquals([status, error], [
    "failed",
    "given up after 10 attempts without progress; the last: statement timeout",
  ]);
  assertEquals(await actsOn(manager, id), ["system.rebuild_failed"]);
  assertEquals(await rowsInPlace(manager), before);
});

Deno.test("each page is progress: a rebuild that comes on is never given up", async () => {
  const id = await start(manager, "verify");
  for (let attempt = 1; attempt <= 12; attempt++) {
    const worker = rebuildStoreOf(manager);
    await worker.take();
    await worker.scan(id, comparePage(await worker.scan(id, null, 5)), 5);
    await worker.leave("killed");
    await expireRebuildLease(manager);
  }
  const { status, events_done, attempts, error } = await report(manager, id);
  assertEquals([status, events_done, attempts, error], ["scanning", 60, 0, "killed"]);
  await work(manager);
  const done = await report(manager, id);
  assertEquals([done.status, done.error], ["completed", null]);
});

/** Inserts ring once per statement, not while a worker drains, and no append falls between bell and log. */
import { assert, assertEquals } from "@std/assert";
import { assertSettled } from "../../support/oracle.ts";
import { created, many, moved, post } from "./events.ts";
import { drainHere, managerStack, storeOf } from "./manager_stack.ts";
import { openAppend } from "./open_append.ts";

const manager = managerStack();

const rings = async () => {
  const [row] = await manager.sql`select count(*)::int as n from net.http_request_queue`;
  return row?.n;
};

const isProjected = async (id: string) => {
  const rows = await manager.sql`select 1 from public.products where id = ${id}`;
  return rows.length === 1;
};

/** The log at rest and the bell shut, as while a worker is between two batches. */
async function shutBell(): Promise<void> {
  await drainHere(manager);
  await manager.sql`truncate net.http_request_queue`;
  await manager.sql`
    update private.doorbell set closed_until = clock_timestamp() + interval '15 seconds'`;
}

Deno.test("an append of many events rings once", async () => {
  await drainHere(manager);
  await manager.sql`truncate net.http_request_queue`;
  await post(manager, ...many(100, () => created(crypto.randomUUID())));
  assertEquals(await rings(), 1);
});

Deno.test("an append rings, though another that rang is still open, and may yet be undone", async () => {
  await drainHere(manager);
  await manager.sql`truncate net.http_request_queue`;
  const undone = await openAppend(manager.sql, created(crypto.randomUUID()));
  await post(manager, created(crypto.randomUUID()));
  assertEquals(await rings(), 1);
  await undone.rollBack();
  await post(manager, created(crypto.randomUUID()));
  assertEquals(await rings(), 2);
});

Deno.test("appends that share a transaction ring once", async () => {
  await drainHere(manager);
  await manager.sql`truncate net.http_request_queue`;
  const requests = many(5, () => created(crypto.randomUUID()))
    .map((event) => ({ events: [event], actor: { kind: "service" } }));
  const { data, error } = await manager.client.rpc("post_each", { p_requests: requests });
  assertEquals([data?.length, error], [5, null]);
  assertEquals(await rings(), 1);
});

Deno.test("inserts do not ring while a worker drains, and ring again when it has ended", async () => {
  await post(manager, created(crypto.randomUUID()));
  await manager.sql`truncate net.http_request_queue`;
  const store = storeOf(manager);
  const late = crypto.randomUUID();
  let inserted = false;
  await drainHere(manager, {}, {
    ...store,
    async commit(...batch) {
      if (!inserted) {
        for (const event of [created(late), ...many(10, () => moved(late))]) {
          await post(manager, event);
        }
        inserted = true;
      }
      await store.commit(...batch);
    },
  });
  assert(inserted);
  assertEquals(await rings(), 0);
  assert(await isProjected(late));
  await post(manager, moved(late));
  assertEquals(await rings(), 1);
});

Deno.test("a dead worker cannot silence the bell for longer than 15 seconds", async () => {
  await post(manager, created(crypto.randomUUID()));
  await manager.sql`truncate net.http_request_queue`;
  await storeOf(manager).take({ batch: 10, partitions: 16, leaseSeconds: 30 }); // and never again
  const [bell] = await manager.sql`
    select closed_until - clock_timestamp() between '10 seconds' and '15 seconds' as ok
    from private.doorbell`;
  assertEquals(bell?.ok, true);
  await manager.sql`update private.doorbell set closed_until = clock_timestamp()`;
  await post(manager, created(crypto.randomUUID()));
  assertEquals(await rings(), 1);
  await manager.sql`update private.partitions set leased_until = '-infinity'`;
});

Deno.test("an append that commits between the last look and the opening of the bell is not lost", async () => {
  await shutBell();
  const id = crypto.randomUUID();
  await using append = await openAppend(manager.sql, created(id));
  const store = storeOf(manager);
  await drainHere(manager, {}, {
    ...store,
    async openDoorbell(callAgain) {
      await append.commit();
      await store.openDoorbell(callAgain);
    },
  });
  assert(await isProjected(id));
  assertEquals(await rings(), 0); // so it was the worker's look that found it
});

Deno.test("an append that is still open at the worker's last look is waited for", async () => {
  await shutBell();
  const id = crypto.randomUUID();
  await using append = await openAppend(manager.sql, created(id));
  const store = storeOf(manager);
  let opened = false;
  let looks = 0;
  await drainHere(manager, {}, {
    ...store,
    async openDoorbell(callAgain) {
      await store.openDoorbell(callAgain);
      opened = true;
    },
    async take(limits) {
      const batch = await store.take(limits);
      if (opened && ++looks === 5) await append.commit();
      return batch;
    },
  });
  assert(await isProjected(id));
  assertEquals(await rings(), 0);
});

Deno.test("an append that is rolled back holds up no worker", async () => {
  await shutBell();
  await using append = await openAppend(manager.sql, created(crypto.randomUUID()));
  const store = storeOf(manager);
  let looks = 0;
  await drainHere(manager, {}, {
    ...store,
    async take(limits) {
      if (++looks === 3) await append.rollBack();
      return await store.take(limits);
    },
  });
  assertEquals(looks, 3);
});

Deno.test("an append open for longer than a worker waits is found by the sweep", async () => {
  await shutBell();
  const id = crypto.randomUUID();
  await using append = await openAppend(manager.sql, created(id));
  await drainHere(manager);
  await append.commit();
  assertEquals([await isProjected(id), await rings()], [false, 0]);
  await manager.sql`select private.sweep()`;
  assertEquals(await rings(), 1);
  await drainHere(manager);
  await assertSettled(manager.sql);
  await manager.sql`select private.sweep()`;
  assertEquals(await rings(), 1); // nothing is due: the sweep is silent
});

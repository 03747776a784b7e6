/** Whatever event people mark or pause, and whenever: order within an aggregate holds and nothing is left behind. */
import { assertEquals } from "@std/assert";
import { assertNothingLostNorDoubled, assertSettled } from "../../support/oracle.ts";
import { created, many, mark, moved, post, spoiled } from "./events.ts";
import { drainHere, drainToRest, expireLeases, managerStack } from "./manager_stack.ts";
import { barrierOf, versionsDone } from "./seen.ts";

const manager = managerStack();

Deno.test("an event parked by hand lets those before it through and holds those behind it", async () => {
  const id = crypto.randomUUID();
  const [, , third] = await post(manager, created(id), moved(id), moved(id), moved(id));
  await mark(manager, third?.id, "failed", "the supplier disputes it");
  await drainToRest(manager);
  assertEquals(await versionsDone(manager, id), [1, 2]);
  const barrier = await barrierOf(manager, id);
  assertEquals([barrier?.event_number, barrier?.error], [
    third?.event_number,
    "the supplier disputes it",
  ]);
  await mark(manager, third?.id, "pending");
  await drainToRest(manager);
  assertEquals(await versionsDone(manager, id), [1, 2, 3, 4]);
  await assertSettled(manager.sql);
});

Deno.test("an event parked by hand behind a failed one does not hide the failed one", async () => {
  const id = crypto.randomUUID();
  const [, bad, later] = await post(manager, created(id), spoiled(id), moved(id), moved(id));
  await drainToRest(manager);
  await mark(manager, later?.id, "failed");
  assertEquals((await barrierOf(manager, id))?.event_number, bad?.event_number);
  await mark(manager, bad?.id, "processed");
  await drainToRest(manager);
  assertEquals(await versionsDone(manager, id), [1, 2]); // and now the one parked by hand
  assertEquals((await barrierOf(manager, id))?.event_number, later?.event_number);
  await mark(manager, later?.id, "pending");
  await drainToRest(manager);
  assertEquals(await versionsDone(manager, id), [1, 2, 3, 4]);
  await assertSettled(manager.sql);
});

Deno.test("an event skipped long before its turn is passed over when its turn comes", async () => {
  const id = crypto.randomUUID();
  const [, bad, later] = await post(manager, created(id), spoiled(id), moved(id, 9), moved(id));
  await drainToRest(manager);
  await mark(manager, later?.id, "processed", "not wanted");
  await drainToRest(manager);
  assertEquals(await versionsDone(manager, id), [1]);
  await mark(manager, bad?.id, "processed");
  await drainToRest(manager);
  assertEquals(await versionsDone(manager, id), [1, 2, 3, 4]);
  await assertSettled(manager.sql);
});

Deno.test("a paused type waits in its thousands, the others flow, and after the pause all go on", async () => {
  const ids = many<string>(3, () => crypto.randomUUID());
  await pause("product");
  await post(manager, ...ids.map((id) => created(id)));
  await post(manager, ...many(1500, () => moved(ids[0] ?? "")));
  const [note] = await post(manager, customer());
  await drainHere(manager, { partitions: 1 });
  for (const id of ids) assertEquals(await versionsDone(manager, id), []);
  assertEquals(await versionsDone(manager, note?.aggregate_id ?? ""), [1]);
  await resume("product");
  await drainHere(manager);
  assertEquals((await versionsDone(manager, ids[0] ?? "")).length, 1501);
  await assertSettled(manager.sql);
});

Deno.test("a pause that ends while a worker takes a batch leaves no event aside", async () => {
  const id = crypto.randomUUID();
  await pause("product");
  await post(manager, created(id), moved(id));
  const session = await manager.sql.reserve();
  await session`begin`;
  await session`select public.take_events(${crypto.randomUUID()}, 500, 16, 30)`;
  const resumed = resume("product");
  await new Promise((done) => setTimeout(done, 200));
  await session`commit`;
  session.release();
  await resumed;
  await expireLeases(manager);
  await drainHere(manager);
  await assertNothingLostNorDoubled(manager.sql);
  assertEquals(await versionsDone(manager, id), [1, 2]);
});

function customer() {
  return {
    event_type: "customer.registered",
    aggregate_type: "customer",
    aggregate_id: crypto.randomUUID(),
    data: { email: "asha@example.com", name: "Asha" },
  };
}

async function pause(type: string): Promise<void> {
  await manager.sql`select public.pause_processing(${type}, 'system', 'by the test')`;
}

async function resume(type: string): Promise<void> {
  await manager.sql`select public.resume_processing(${type}, 'system')`;
}

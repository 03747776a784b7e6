/** Events that somebody took out of the way: nobody asks, the rolling audit finds them. */
import { assert, assertEquals } from "@std/assert";
import { created, moved, spoiled } from "../database_manager/events.ts";
import { drainToRest, managerStack } from "../database_manager/manager_stack.ts";
import { barrierOf, productOf, versionsDone } from "../database_manager/seen.ts";
import { assertRebuilt, run, statusOf } from "./rebuilding.ts";
import { happen, openShop, postOne, pump } from "./shop.ts";

const manager = managerStack();

interface Found {
  kind: string;
  event_number: number | null;
  aggregate_id: string;
}

/** A turn of the audit over the whole log, and what status then shows. */
async function audited(): Promise<
  { findings: [string, number | null, string][]; percent: number }
> {
  await manager.sql`select private.run_audit(100000, '-1 second')`;
  const { audit, percent_processed } = await statusOf(manager);
  assertEquals(audit.open_findings, audit.findings.length);
  const findings = audit.findings.map((one: Found) => [
    one.kind,
    one.event_number,
    one.aggregate_id,
  ]);
  return { findings, percent: percent_processed };
}

/** Marks an event as processed and forgets it, as a bug that skips events would. */
async function skipSilently(event: { id: string; event_number: number }): Promise<void> {
  await manager.sql`update events set processed = true where id = ${event.id}`;
  await takeOffQueue(event);
}

async function takeOffQueue({ event_number }: { event_number: number }): Promise<void> {
  await manager.sql`delete from private.unprocessed_events where event_number = ${event_number}`;
}

Deno.test("the audit finds nothing in a sound log, skipped and parked events included", async () => {
  await openShop(manager, 41);
  const id = crypto.randomUUID();
  const [, bad] = await happen(manager, created(id), spoiled(id), moved(id));
  await happen(manager, spoiled(crypto.randomUUID()), moved(crypto.randomUUID()));
  await manager.client.rpc("skip_event", {
    p_event_id: bad?.id,
    p_actor: "system",
    p_reason: "spoiled",
  });
  await drainToRest(manager);
  const { findings, percent } = await audited();
  assertEquals(findings, []);
  assert(percent < 100); // for the parked ones
});

Deno.test("an event marked as processed but never projected is found by the audit alone", async () => {
  const { id } = await pump(manager);
  const lost = await postOne(manager, moved(id, 5));
  await skipSilently(lost);
  assertEquals((await productOf(manager, id))?.stock_quantity, 7);
  const { findings } = await audited();
  assertEquals(findings.sort(), [
    ["missing_receipt", lost.event_number, id],
    ["version_mismatch", null, id],
  ]);

  // The next event of the aggregate does not go over the gap in silence.
  const [next] = await happen(manager, moved(id, 1));
  assertEquals((await barrierOf(manager, id))?.error_code, "version_hole");

  const healed = await run(manager, "rebuild");
  assertEquals([healed.status, healed.differing_rows], ["completed", 1]);
  assertEquals(healed.findings.map(({ kind }) => kind), ["missing_receipt"]);
  assertEquals(await productOf(manager, id), { stock_quantity: 12, version: 4 });
  assertEquals((await audited()).findings, []);
  await manager.client.rpc("retry_event", { p_event_id: next?.id, p_actor: "system" });
  await drainToRest(manager);
  assertEquals(await productOf(manager, id), { stock_quantity: 13, version: 5 });
  await assertRebuilt(manager);
  assertEquals((await run(manager, "verify")).findings, []);
});

Deno.test("the first event of an aggregate, lost the same way, is found and healed", async () => {
  const id = crypto.randomUUID();
  const lost = await postOne(manager, created(id));
  await skipSilently(lost);
  const { findings, percent } = await audited();
  assertEquals(findings.sort(), [
    ["missing_receipt", lost.event_number, id],
    ["version_mismatch", null, id],
  ]);
  assert(percent < 100);
  const healed = await run(manager, "rebuild", { types: ["product"] });
  assertEquals(healed.differences.map(({ operation, row_id }) => [operation, row_id]), [
    ["insert", id],
  ]);
  assertEquals((await audited()).findings, []);
  await assertRebuilt(manager);
});

Deno.test("a healed event has a receipt, and its fields are explained by the rebuild", async () => {
  const { id } = await pump(manager);
  const lost = await postOne(manager, moved(id, 5));
  await skipSilently(lost);
  const healed = await run(manager, "rebuild");
  const { data } = await manager.client.rpc("row_blame", { p_table: "products", p_row_id: id });
  const [completed] = await manager.sql`
    select id from events where aggregate_id = ${healed.id}
      and event_type = 'system.rebuild_completed'`;
  assertEquals([data.stock_quantity.event_id, data.stock_quantity.value], [completed?.id, 12]);
  const receipts = await manager.sql`select from state_changes where event_id = ${lost.id}`;
  assertEquals(receipts.length, 1);
});

Deno.test("an event that is in no queue is found, keeps the percentage below 100, and retry heals it", async () => {
  const { id } = await pump(manager);
  const lost = await postOne(manager, moved(id, 5));
  await takeOffQueue(lost);
  await drainToRest(manager);
  const { findings, percent } = await audited();
  assertEquals(findings, [["not_queued", lost.event_number, id]]);
  assert(percent < 100);
  await manager.client.rpc("retry_event", { p_event_id: lost.id, p_actor: "system" });
  await drainToRest(manager);
  assertEquals(await productOf(manager, id), { stock_quantity: 12, version: 4 });
  assertEquals((await audited()).findings, []);
});

Deno.test("the later events of a lost one are parked, and follow by themselves once it is retried", async () => {
  const { id } = await pump(manager);
  const lost = await postOne(manager, moved(id, 5));
  await takeOffQueue(lost);
  await happen(manager, moved(id, 1), moved(id, 1));
  assertEquals((await barrierOf(manager, id))?.error_code, "version_hole");
  assertEquals(await versionsDone(manager, id), [1, 2, 3]);
  await manager.client.rpc("request_processing", {
    p_event_ids: [lost.id],
    p_actor: "system",
  });
  await drainToRest(manager);
  assertEquals(await productOf(manager, id), { stock_quantity: 14, version: 6 });
  assertEquals((await audited()).findings, []);
});

Deno.test("a lost event may be skipped as well", async () => {
  const { id } = await pump(manager);
  const lost = await postOne(manager, moved(id, 5));
  await takeOffQueue(lost);
  await happen(manager, moved(id, 1));
  await manager.client.rpc("skip_event", {
    p_event_id: lost.id,
    p_actor: "system",
    p_reason: "counted twice",
  });
  await drainToRest(manager);
  assertEquals(await productOf(manager, id), { stock_quantity: 8, version: 5 });
  assertEquals((await audited()).findings, []);
});

Deno.test("what is lost long after it was audited is found when the round comes by again", async () => {
  const { price } = await pump(manager);
  await audited();
  await manager.sql`delete from state_changes where event_id = ${price.id}`;
  const [before] = await manager.sql`select rounds from private.audit`;
  const findings: unknown[] = [];
  for (let turns = 0; turns < 50 && findings.length === 0; turns++) {
    await manager.sql`select private.run_audit(100, '-1 second')`;
    findings.push(...(await statusOf(manager)).audit.findings);
  }
  assertEquals(findings.map((one) => (one as Found).event_number), [price.event_number]);
  const [after] = await manager.sql`select rounds from private.audit`;
  assert(Number(after?.rounds) >= Number(before?.rounds));
  await run(manager, "rebuild");
  assertEquals((await audited()).findings, []);
});

Deno.test("a row at another version than its log is found, and the finding ends when it is right again", async () => {
  const { id } = await pump(manager);
  await manager.sql`update products set version = 2 where id = ${id}`;
  assertEquals((await audited()).findings, [["version_mismatch", null, id]]);
  assertEquals((await audited()).findings.length, 1); // once, however often it is seen
  await manager.sql`update products set version = 3 where id = ${id}`;
  assertEquals((await audited()).findings, []);
});

Deno.test("the sweep audits: nobody has to ask", async () => {
  const { id } = await pump(manager);
  const lost = await postOne(manager, moved(id, 5));
  await takeOffQueue(lost);
  // The sweep leaves young events alone; this one is made to look 40 seconds old.
  await manager.sql`alter table events disable trigger events_are_immutable`;
  await manager.sql`
    update events set created_at = created_at - interval '40 seconds'
    where event_number <= ${lost.event_number} and event_number > ${lost.event_number - 500}`;
  await manager.sql`alter table events enable trigger events_are_immutable`;
  await manager.sql`update private.audit set front_after = ${lost.event_number - 1}`;
  await manager.sql`select private.sweep()`;
  const { findings } = (await statusOf(manager)).audit;
  assertEquals(findings.map((one: Found) => [one.kind, one.event_number]), [
    ["not_queued", lost.event_number],
  ]);
  await manager.client.rpc("retry_event", { p_event_id: lost.id, p_actor: "system" });
  await drainToRest(manager);
  assertEquals((await audited()).findings, []);
});

Deno.test("a verification and the audit may find the same: each keeps its report", async () => {
  const { id } = await pump(manager);
  const lost = await postOne(manager, moved(id, 5));
  await skipSilently(lost);
  const first = await run(manager, "verify");
  await audited();
  const second = await run(manager, "verify");
  for (const { id: run } of [first, second]) {
    const { data } = await manager.client.rpc("get_rebuild", { p_id: run });
    assertEquals(data.findings.map(({ event_number }: Found) => event_number), [
      lost.event_number,
    ]);
  }
  assertEquals((await statusOf(manager)).audit.open_findings, 2);
  await run(manager, "rebuild");
  assertEquals((await statusOf(manager)).audit.open_findings, 0);
  assertEquals(await productOf(manager, id), { stock_quantity: 12, version: 4 });
});

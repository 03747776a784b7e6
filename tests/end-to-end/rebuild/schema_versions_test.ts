/** Events and tables of yesterday under the code of today. */
import { assertEquals } from "@std/assert";
import { generations } from "../../../shared/domain/aggregates.ts";
import { callFunction } from "../../support/call_function.ts";
import { storedVersions } from "../../unit/domain/stored_versions.ts";
import { drainToRest, managerStack } from "../database_manager/manager_stack.ts";
import { assertRebuilt, run, start, statusOf, work } from "./rebuilding.ts";
import { happen, pump } from "./shop.ts";

const manager = managerStack();

const dealer = (aggregate_id: string, event_type: string, data: Record<string, unknown>) => ({
  event_type,
  aggregate_type: "dealer",
  aggregate_id,
  data,
});
const application = {
  company_name: "Deccan Pumps",
  contact_name: "Ravi Joshi",
  email: "ravi@deccanpumps.example.com",
};

/** Stores an event as it was stored when its type was at an older version. */
async function storedThen(
  id: string,
  event_type: string,
  schema_version: number,
  data: Record<string, unknown>,
): Promise<void> {
  const event = { ...dealer(id, event_type, data), schema_version, created_by: "system" };
  await manager.sql`
    select private.append_events(
      array[jsonb_populate_record(null::private.new_event, ${
    JSON.stringify(event)
  }::text::jsonb)])`;
  await drainToRest(manager);
}

/** The row of a dealer without what makes it that one. */
async function termsOf(id: string) {
  const [row] = await manager.sql`
    select status, tier, discount_percent, credit_limit, version from dealers where id = ${id}`;
  return { ...row };
}

/** The same, folded by the events function as of now and by the whole state. */
async function travelled(id: string) {
  const { stack } = manager;
  const key = stack.keys.secret;
  const one = await callFunction(`events/aggregate/dealer/${id}/state`, { key }, stack);
  const all = await callFunction("database-manager/state/dealer?limit=500", { key }, stack);
  const among = all.body.states.find((each: { aggregate_id: string }) => each.aggregate_id === id);
  assertEquals(one.body.state, among.state);
  const { status, tier, discount_percent, credit_limit, version } = one.body.state;
  return { status, tier, discount_percent, credit_limit, version };
}

for (const { type, schemaVersion, data, today } of storedVersions) {
  Deno.test(`${type} v${schemaVersion} ${JSON.stringify(data)} is what its twin of today is: projected, travelled, rebuilt`, async () => {
    const [old, twin] = [crypto.randomUUID(), crypto.randomUUID()];
    await happen(manager, dealer(old, "dealer.application_submitted", application));
    await happen(manager, dealer(twin, "dealer.application_submitted", application));
    await storedThen(old, type, schemaVersion, data);
    await storedThen(twin, type, schemaVersion + 1, today);
    const [stored] = await manager.sql`
      select schema_version, data, processed from events
      where aggregate_id = ${old} and aggregate_version = 2`;
    assertEquals({ ...stored }, { schema_version: schemaVersion, data, processed: true });

    const projected = await termsOf(old);
    assertEquals(projected, await termsOf(twin));
    assertEquals(await travelled(old), await travelled(twin));

    assertEquals((await run(manager, "verify", { types: ["dealer"] })).differing_rows, 0);
    await manager.sql`
      update dealers set discount_percent = 99, tier = 'X' where id in (${old}, ${twin})`;
    assertEquals((await run(manager, "rebuild", { types: ["dealer"] })).differing_rows, 2);
    assertEquals([await termsOf(old), await termsOf(twin)], [projected, projected]);
  });
}

Deno.test("an event of a version that the code does not know yet waits instead of being misread", async () => {
  const id = crypto.randomUUID();
  await happen(manager, dealer(id, "dealer.application_submitted", application));
  await storedThen(id, "dealer.approved", 3, { level: 4 });
  const { failed_events } = await statusOf(manager);
  const [mine] = failed_events.filter((one: { aggregate_id: string }) => one.aggregate_id === id);
  assertEquals(mine?.error_code, "invalid_event_data");
  assertEquals((await termsOf(id)).status, "applied");
});

Deno.test("a table of an older generation asks for a rebuild, and a rebuild ends that", async () => {
  await pump(manager);
  await manager.sql`
    insert into private.generations (aggregate_type, generation)
    values ('product', ${(generations.product ?? 1) - 1}), ('order', ${
    (generations.order ?? 1) + 1
  })
    on conflict (aggregate_type) do update set generation = excluded.generation`;
  const needed = async () => (await statusOf(manager)).needs_rebuild;
  assertEquals(await needed(), ["order", "product"]);
  await run(manager, "verify");
  assertEquals(await needed(), ["order", "product"], "a verification changes nothing");
  await run(manager, "rebuild", { types: ["product"] });
  assertEquals(await needed(), ["order"]);
  const waiting = await start(manager, "rebuild", { byHand: true });
  await work(manager);
  assertEquals(await needed(), ["order"], "not before the switch");
  await manager.client.rpc("confirm_rebuild", { p_id: waiting, p_actor: "system" });
  await work(manager);
  assertEquals(await needed(), []);
  await assertRebuilt(manager);
});

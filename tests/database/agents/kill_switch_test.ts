/** A stop and approvals that meet: executed before the stop, or not at all. */
import { assert, assertEquals } from "@std/assert";
import type { ISql, TransactionSql } from "postgres";
import { openSql, sqlAs } from "../../support/stack.ts";
import { STAFF } from "../people.ts";
import { codeOf, policy, proposeFor, somebodyWaits } from "./agency.ts";

const asStaff = <T>(act: (sql: TransactionSql) => Promise<T>) =>
  sqlAs("authenticated", { sub: STAFF }, act);

const approve = (sql: ISql, id: string) => sql`select public.approve_decision(${id}, 1)`;

async function setStopped(sql: ISql, agent: string, stopped: boolean): Promise<number> {
  const [row] = await sql`
    select (public.set_agent_stopped(${agent}, ${stopped}, 'A race') ->> 'event_number')::bigint as number`;
  return Number(row?.number);
}

Deno.test("a switch that is neither on nor off is refused, and stays as it was", async () => {
  const agent = `unsaid_${crypto.randomUUID().slice(0, 8)}`;
  await asStaff((sql) => setStopped(sql, agent, true));
  const unsaid = asStaff((sql) => sql`select public.set_agent_stopped(${agent}, null, 'A slip')`);
  assertEquals(await codeOf(unsaid), "ES022");
  await using sql = openSql();
  const [row] = await sql`select private.agent_is_stopped(${agent}) as stopped`;
  assertEquals(row?.stopped, true);
});

/** An agent of its own with decisions that wait. */
async function agentWith(decisions: number): Promise<{ agent: string; ids: string[] }> {
  const agent = `racer_${crypto.randomUUID().slice(0, 8)}`;
  const type = await policy({}, agent);
  await using sql = openSql();
  const ids = await sql.begin((one) =>
    Promise.all(
      Array.from(
        { length: decisions },
        () => proposeFor(one, type, crypto.randomUUID(), { agent }),
      ),
    )
  );
  return { agent, ids };
}

/** The numbers of all events that came of decisions after they were proposed. */
async function eventsOf(ids: string[]): Promise<number[]> {
  await using sql = openSql();
  const rows = await sql`
    select e.event_number::int as number from public.events e
    where e.metadata ->> 'decision_id' = any (${ids})
      or e.aggregate_type = 'agent_decision' and e.aggregate_id = any (${ids}::uuid[]) and e.aggregate_version > 1`;
  return rows.map(({ number }) => number);
}

Deno.test("a stop waits for the approval that is under way, and comes after all of its events", async () => {
  const { agent, ids: [id = ""] } = await agentWith(1);
  let stop = Promise.resolve(0);
  await asStaff(async (sql) => {
    await approve(sql, id);
    stop = asStaff((other) => setStopped(other, agent, true));
    await somebodyWaits(1163284301, 2);
  });
  const stopped = await stop;
  const events = await eventsOf([id]);
  assertEquals(events.length, 3);
  assert(events.every((number) => number < stopped));
});

Deno.test("an approval waits for the stop that is under way, and is then refused", async () => {
  const { agent, ids: [id = ""] } = await agentWith(1);
  let approval = Promise.resolve("");
  await asStaff(async (sql) => {
    await setStopped(sql, agent, true);
    approval = codeOf(asStaff((other) => approve(other, id)));
    await somebodyWaits(1163284301, 2);
  });
  assertEquals(await approval, "ES034");
  assertEquals(await eventsOf([id]), []);
});

Deno.test("a stop amid many approvals: each is executed before it, or not at all", async () => {
  const { agent, ids } = await agentWith(16);
  const answers = ids.map((id) => codeOf(asStaff((sql) => approve(sql, id))));
  // As soon as the first is through, the others are at every stage.
  await Promise.any(answers);
  const stopped = await asStaff((sql) => setStopped(sql, agent, true));
  const codes = await Promise.all(answers);
  const done = ids.filter((_, index) => codes[index] === "done");
  const refused = ids.filter((_, index) => codes[index] === "ES034");
  assertEquals(done.length + refused.length, ids.length, codes.join());
  const events = await eventsOf(done);
  assertEquals(events.length, 3 * done.length);
  assert(events.every((number) => number < stopped));
  assertEquals(await eventsOf(refused), []);
});

/** Events never change and never go, whoever asks and however. */
import { assertEquals } from "@std/assert";
import type { TransactionSql } from "postgres";
import { runningStack } from "../support/stack.ts";
import { ANNA, STAFF } from "./people.ts";
import { id, post, stockUpdated } from "./posting.ts";
import { become, outcomeOf, undone } from "./undone.ts";

/** What the Database Manager and staff say about an event; everything else is the event. */
const processing = [
  "next_attempt_at",
  "processed",
  "processed_at",
  "processing_attempts",
  "processing_error",
  "skip_reason",
];

const callers = [
  { who: "anon", role: "anon", claims: {} },
  { who: "a customer", role: "authenticated", claims: { sub: ANNA } },
  { who: "staff", role: "authenticated", claims: { sub: STAFF } },
  { who: "service_role", role: "service_role", claims: {} },
];

/** The roles that own the database: no privilege holds them back, the triggers must. */
const owners = [
  { who: "postgres", url: () => runningStack().dbUrl },
  { who: "the superuser supabase_admin", url: () => runningStack().adminUrl },
];

const thatEvent = `aggregate_id = '${id("immutable", 1)}'`;
const removals = [`delete from public.events where ${thatEvent}`, "truncate public.events"];
const typeRemovals = [
  "delete from public.event_types",
  "truncate public.event_types",
  "truncate public.event_types cascade",
];

/** Runs in a transaction in which there is at least one event. */
function withAnEvent(run: (sql: TransactionSql) => Promise<void>, url?: string): Promise<void> {
  return undone(async (sql) => {
    await post(sql, [stockUpdated(id("immutable", 1))]);
    await run(sql);
  }, url);
}

async function immutableColumns(sql: TransactionSql): Promise<string[]> {
  const columns = await sql<{ name: string }[]>`
    select attname as name from pg_attribute
    where attrelid = 'public.events'::regclass and attnum > 0 and not attisdropped order by 1`;
  return columns.map(({ name }) => name).filter((name) => !processing.includes(name));
}

/** The statements that are not refused with `wanted`. */
async function unrefused(sql: TransactionSql, statements: readonly string[], wanted: string) {
  const wrong: string[] = [];
  for (const statement of statements) {
    const outcome = await outcomeOf(sql, (inner) => inner.unsafe(statement));
    if (outcome !== wanted) wrong.push(`${statement}: ${outcome}`);
  }
  return wrong;
}

async function everyUpdate(sql: TransactionSql): Promise<string[]> {
  const columns = await immutableColumns(sql);
  return columns.map((column) =>
    `update public.events set ${column} = ${column} where ${thatEvent}`
  );
}

for (const { who, role, claims } of callers) {
  Deno.test(`${who} may not update, delete, truncate or insert events`, async () => {
    await withAnEvent(async (sql) => {
      const updates = await everyUpdate(sql);
      assertEquals(updates.length, 16);
      const insert = "insert into public.events select * from public.events limit 1";
      await become(sql, role, claims);
      assertEquals(await unrefused(sql, [...updates, ...removals, insert], "42501"), []);
    });
  });

  Deno.test(`${who} may not update the processing columns either`, async () => {
    await withAnEvent(async (sql) => {
      await become(sql, role, claims);
      const updates = processing.map((column) => `update public.events set ${column} = default`);
      assertEquals(await unrefused(sql, updates, "42501"), []);
    });
  });

  Deno.test(`${who} may not remove or change event types`, async () => {
    await undone(async (sql) => {
      await become(sql, role, claims);
      const changes = ["update public.event_types set active = false", ...typeRemovals];
      assertEquals(await unrefused(sql, changes, "42501"), []);
    });
  });
}

for (const { who, url } of owners) {
  Deno.test(`${who} cannot update, delete or truncate events`, async () => {
    await withAnEvent(async (sql) => {
      const statements = [...await everyUpdate(sql), ...removals];
      assertEquals(await unrefused(sql, statements, "ES010"), []);
    }, url());
  });

  Deno.test(`${who} cannot get round it with other statements`, async () => {
    await withAnEvent(async (sql) => {
      const detours = [
        "insert into public.events select * from public.events on conflict (id) do update set data = '{}'",
        "merge into public.events using (select) s on true when matched then update set data = '{}'",
        "merge into public.events using (select) s on true when matched then delete",
        "with changed as (update public.events set data = '{}' returning id) select from changed",
        "update only public.events set processed = true, data = '{}' where false",
        "update public.events set processed = true, created_by = 'system'",
        "truncate public.events, public.state_changes restart identity cascade",
      ];
      assertEquals(await unrefused(sql, detours, "ES010"), []);
    }, url());
  });

  Deno.test(`${who} cannot remove event types`, async () => {
    await undone(async (sql) => {
      assertEquals(await unrefused(sql, typeRemovals, "ES010"), []);
    }, url());
  });
}

Deno.test("no privilege lets an API role change events: the triggers stand behind the grants", async () => {
  await withAnEvent(async (sql) => {
    await sql`grant all on public.events to anon, authenticated, service_role`;
    const statements = [...await everyUpdate(sql), ...removals];
    for (const { role, claims } of callers) {
      await become(sql, role, claims);
      assertEquals(await unrefused(sql, statements, "ES010"), [], role);
    }
  });
});

Deno.test("a session that switches ordinary triggers off cannot change events either", async () => {
  // Hosted projects let the role postgres set this.
  await withAnEvent(async (sql) => {
    await sql`set local session_replication_role = replica`;
    const statements = [...await everyUpdate(sql), ...removals, ...typeRemovals];
    assertEquals(await unrefused(sql, statements, "ES010"), []);
  }, runningStack().adminUrl);
});

Deno.test("the processing columns can change: nothing else of the event moves with them", async () => {
  await withAnEvent(async (sql) => {
    const [before] =
      await sql`select to_jsonb(e) - ${processing}::text[] as event from public.events e
      where aggregate_id = ${id("immutable", 1)}`;
    await sql`update public.events set processed = true, processed_at = now(), processing_attempts = 1
      where aggregate_id = ${id("immutable", 1)}`;
    const [after] = await sql`select to_jsonb(e) - ${processing}::text[] as event, processed
      from public.events e where aggregate_id = ${id("immutable", 1)}`;
    assertEquals(after?.event, before?.event);
    assertEquals(after?.processed, true);
  });
});

/** Exactly these rights and no other, table by table, function by function, role by role. */
import { assertEquals } from "@std/assert";
import { functionRights, relationRights } from "./actual_rights.ts";
import { expectedFunctions, expectedRelations, type Rights } from "./expected_rights.ts";
import { ANNA, STAFF } from "./people.ts";
import { become, outcomeOf, undone } from "./undone.ts";

Deno.test("every table, view and sequence grants each API role exactly what is expected", async () => {
  await undone(async (sql) => {
    assertEquals(await relationRights(sql), expectedRelations);
  });
});

Deno.test("every function may be called by exactly the API roles expected", async () => {
  await undone(async (sql) => {
    const actual = Object.entries(await functionRights(sql));
    const open = actual.filter(([name, rights]) =>
      name in expectedFunctions || name.startsWith("public.") ||
      Object.values(rights).some((privilege) => privilege !== "")
    );
    assertEquals(Object.fromEntries(open), expectedFunctions);
  });
});

Deno.test("the schemas may be used, and nothing created in them", async () => {
  await undone(async (sql) => {
    const rows = await sql`
      select s as schema, r as role, has_schema_privilege(r, s, 'usage') as usage, has_schema_privilege(r, s, 'create') as create
      from unnest(array['public', 'private']) s, unnest(array['anon', 'authenticated', 'service_role']) r`;
    const may = (right: string) =>
      rows.filter((row) => row[right]).map(({ schema, role }) => `${role} ${schema}`).sort();
    assertEquals(may("usage"), [
      "anon public",
      "authenticated private",
      "authenticated public",
      "service_role private",
      "service_role public",
    ]);
    assertEquals(may("create"), []);
  });
});

const actors: { who: string; role: keyof Rights; claims: Record<string, unknown> }[] = [
  { who: "anon", role: "anon", claims: {} },
  { who: "a customer", role: "authenticated", claims: { sub: ANNA } },
  { who: "staff", role: "authenticated", claims: { sub: STAFF } },
  { who: "service_role", role: "service_role", claims: {} },
];

for (const { who, role, claims } of actors) {
  Deno.test(`${who} meets exactly these rights when trying each statement on each table`, async () => {
    await undone(async (sql) => {
      const tables = await sql<{ name: string; column: string }[]>`
        select n.nspname || '.' || c.relname as name, (select a.attname from pg_attribute a
          where a.attrelid = c.oid and a.attnum > 0 and a.attidentity = '' order by a.attnum limit 1) as column
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'private') and c.relkind in ('r', 'p') order by 1`;
      await become(sql, role, claims);
      const wrong: string[] = [];
      for (const { name, column } of tables) {
        const statements = {
          select: `select from ${name} limit 1`,
          insert: `insert into ${name} default values`,
          update: `update ${name} set ${column} = ${column} where false`,
          delete: `delete from ${name} where false`,
          truncate: `truncate ${name}`,
        };
        for (const [privilege, statement] of Object.entries(statements)) {
          const outcome = await outcomeOf(sql, (inner) => inner.unsafe(statement));
          const allowed = expectedRelations[name]?.[role].split(", ").includes(privilege);
          if (outcome !== (allowed ? "done" : "42501")) wrong.push(`${statement}: ${outcome}`);
        }
      }
      assertEquals(wrong, []);
    });
  });
}

Deno.test("every public table has row level security with one policy: who may select", async () => {
  await undone(async (sql) => {
    const tables = await sql<{ name: string; rls: boolean; policies: string[] }[]>`
      select c.relname as name, c.relrowsecurity as rls,
        array(select format('%s %s to %s', lower(p.permissive), lower(p.cmd), p.roles) from pg_policies p
          where p.schemaname = 'public' and p.tablename = c.relname) as policies
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`;
    const policies = ["permissive select to {authenticated}"];
    for (const { name, ...table } of tables) assertEquals(table, { rls: true, policies }, name);
  });
});

Deno.test("every view runs with the rights of its reader", async () => {
  await undone(async (sql) => {
    const views = await sql`
      select c.oid::regclass::text as name from pg_class c
      where c.relnamespace = any (array['public', 'private']::regnamespace[]) and c.relkind in ('v', 'm')
        and not coalesce(c.reloptions @> array['security_invoker=true'], false)`;
    assertEquals(views.map(({ name }) => name), []);
  });
});

Deno.test("every function has an empty search path; none that users may call there runs as its owner", async () => {
  await undone(async (sql) => {
    const wrong = await sql`
      select p.oid::regprocedure::text as name from pg_proc p
      where p.pronamespace = any (array['public', 'private']::regnamespace[])
        and not coalesce(p.proconfig @> array['search_path=""'], false)`;
    assertEquals(wrong.map(({ name }) => name), []);
    const exposed = await sql`
      select p.oid::regprocedure::text as name from pg_proc p
      where p.pronamespace = 'public'::regnamespace and p.prosecdef
        and (has_function_privilege('anon', p.oid, 'execute') or has_function_privilege('authenticated', p.oid, 'execute'))`;
    assertEquals(exposed.map(({ name }) => name), []);
  });
});

Deno.test("what a later migration creates and forgets to close is open to no API role", async () => {
  await undone(async (sql) => {
    await sql`create function public.forgotten() returns integer language sql as 'select 1'`;
    await sql`create function private.forgotten() returns integer language sql as 'select 1'`;
    await sql`create table public.forgotten (id integer)`;
    const closed: Rights = { anon: "", authenticated: "", service_role: "" };
    const functions = await functionRights(sql);
    assertEquals(functions["public.forgotten"], closed);
    assertEquals(functions["private.forgotten"], closed);
    assertEquals((await relationRights(sql))["public.forgotten"], closed);
  });
});

Deno.test("nobody but the owner of the database gives rights to users", async () => {
  await undone(async (sql) => {
    const makeStaff = (user: string) =>
      `insert into public.user_roles (user_id, role) values ('${user}', 'staff')`;
    for (const { role, claims } of actors) {
      await become(sql, role, claims);
      for (const user of [ANNA, STAFF]) {
        const statements = [
          makeStaff(user),
          `${makeStaff(user)} on conflict do nothing`,
          `update public.user_roles set user_id = '${user}'`,
          `delete from public.user_roles`,
        ];
        for (const statement of statements) {
          assertEquals(await outcomeOf(sql, (inner) => inner.unsafe(statement)), "42501", role);
        }
      }
    }
  });
});

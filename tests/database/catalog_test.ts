/** What the database says of event types and state tables is what the code says. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { JSONValue, TransactionSql } from "postgres";
import { fold, fromRows, type Rows, toRows } from "../../shared/domain/aggregate.ts";
import { aggregates } from "../../shared/domain/aggregates.ts";
import { catalog, jsonSchemaOf } from "../../shared/events/catalog.ts";
import { exampleStories } from "../unit/domain/example_stories.ts";
import { events, ID } from "../unit/domain/story.ts";
import { id, post, stockUpdated } from "./posting.ts";
import { become, undone } from "./undone.ts";
import { commit, take } from "./working.ts";

Deno.test("event_types holds exactly the catalog of the code, each type as it is there", async () => {
  await undone(async (sql) => {
    const rows = await sql`
      select event_type, aggregate_type, description, json_schema, example, schema_version, posted_by
      from public.event_types where source = 'code' and active order by event_type collate "C"`;
    const expected = catalog.map((entry) => ({
      event_type: entry.type,
      aggregate_type: entry.aggregateType,
      description: entry.description,
      json_schema: asJson(jsonSchemaOf(entry)),
      example: asJson(entry.example),
      schema_version: entry.schemaVersion,
      posted_by: [...entry.postedBy],
    }));
    expected.sort((a, b) => a.event_type < b.event_type ? -1 : 1);
    assertEquals(rows.map((row) => ({ ...row })), expected);
  });
});

/** What PostgreSQL's jsonb makes of it: no undefined, no class. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

Deno.test("every event that a function of the database posts by itself is in the catalog", async () => {
  await undone(async (sql) => {
    const rows = await sql<{ type: string }[]>`
      select distinct match[1] as type from pg_proc,
        regexp_matches(prosrc, '''([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)''', 'g') match
      where pronamespace = any (array['public', 'private']::regnamespace[]) and match[1] ~ '^(system|agent)[.]'`;
    const types = rows.map(({ type }) => type);
    assert(types.length > 0);
    assertEquals(types.filter((type) => !catalog.some((entry) => entry.type === type)), []);
  });
});

Deno.test("state_tables registers exactly the tables of the aggregates in code", async () => {
  await undone(async (sql) => {
    const rows = await sql`
      select table_name, aggregate_type, property, key, parent_column from private.state_tables`;
    const registered = rows.map((row) => ({ ...row })).sort(byTable);
    const expected = aggregates.flatMap(({ type, table, children }) => [
      { table_name: table, aggregate_type: type, property: null, key: ["id"], parent_column: null },
      ...Object.entries(children).map(([property, child]) => ({
        table_name: child.table,
        aggregate_type: type,
        property,
        key: [...child.key],
        parent_column: child.parent,
      })),
    ]);
    assertEquals(registered, expected.sort(byTable));
  });
});

function byTable(a: { table_name?: string }, b: { table_name?: string }): number {
  return (a.table_name ?? "") < (b.table_name ?? "") ? -1 : 1;
}

Deno.test("the key of each state table is its primary key", async () => {
  await undone(async (sql) => {
    const wrong = await sql`
      select t.table_name, t.key, k.columns from private.state_tables t
      left join lateral (
        select array_agg(a.attname::text order by x.place) as columns
        from pg_constraint c
        cross join unnest(c.conkey) with ordinality x(attnum, place)
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = x.attnum
        where c.conrelid = ('public.' || t.table_name)::regclass and c.contype = 'p'
      ) k on true
      where t.key is distinct from k.columns`;
    assertEquals(wrong.length, 0, JSON.stringify(wrong));
  });
});

/** Every state that the examples of the catalog lead to, for each aggregate. */
function* exampleStates() {
  for (const { aggregate, facts } of exampleStories) {
    const story = events(aggregate.type, ...facts);
    for (let length = 1; length <= story.length; length++) {
      const type = story[length - 1]?.event_type;
      yield { aggregate, type, rows: toRows(aggregate, fold(aggregate, story.slice(0, length))) };
    }
  }
}

Deno.test("the columns of each state table are the keys of the rows that the code makes", async () => {
  await undone(async (sql) => {
    const columns = await sql<{ table: string; columns: string[] }[]>`
      select c.relname as table, array_agg(a.attname::text order by a.attname::text collate "C") as columns
      from private.state_tables t
      join pg_class c on c.oid = ('public.' || t.table_name)::regclass
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      group by 1`;
    const expected = new Map(columns.map(({ table, columns }) => [table, columns]));
    const seen = new Set<string>();
    for (const { type, rows } of exampleStates()) {
      for (const [table, list] of Object.entries(rows)) {
        for (const row of list) {
          assertEquals(Object.keys(row).sort(), expected.get(table), `${table} after ${type}`);
          seen.add(table);
        }
      }
    }
    assertEquals([...seen].sort(), [...expected.keys()].sort(), "a table without an example row");
  });
});

Deno.test("rows come back from the state tables exactly as the code wrote them", async () => {
  await undone(async (sql) => {
    await sql`delete from public.products`; // of other tests: an article number is there once
    let before: Rows = {};
    let story: unknown;
    for (const { aggregate, type, rows } of exampleStates()) {
      if (story !== aggregate) before = {};
      story = aggregate;
      await write(sql, before, rows);
      const read: Record<string, unknown> = {};
      for (const table of Object.keys(rows)) {
        const column = Object.values(aggregate.children).find((child) => child.table === table)
          ?.parent ?? "id";
        const list = await sql<{ row: unknown }[]>`
          select to_jsonb(t) as row from public.${sql(table)} t where ${sql(column)} = ${ID}`;
        read[table] = list.map(({ row }) => row);
      }
      // Rows of a set have no order; fromRows puts them in that of their key.
      const state = fromRows(aggregate, read as Rows);
      assertEquals(toRows(aggregate, state), rows, `after ${type}`);
      before = rows;
    }
  });
});

Deno.test("the database holds the generations of the code, so that a new one asks for no rebuild", async () => {
  await undone(async (sql) => {
    const stamps = await sql`select aggregate_type, generation from private.generations`;
    const held = new Map(stamps.map((stamp) => [stamp.aggregate_type, stamp.generation]));
    for (const { type, generation } of aggregates) {
      assertEquals(held.get(type) ?? 1, generation, type);
    }
  });
});

Deno.test("a property of a state that has no column is refused, not dropped in silence", async () => {
  await undone(async (sql) => {
    const [example] = [...exampleStates()].flatMap(({ rows }) => rows.products ?? []);
    const row = { ...example, sku: `NO-COLUMN-${crypto.randomUUID()}` }; // others have such a pump, too
    const list = [{ ...row, last_reason: "worn out" }] as JSONValue[];
    const [tried] = await sql`
      select public.try_rows(${sql.json({ products: list })}) as refused`;
    assertEquals(tried?.refused, {
      code: "22023",
      detail: 'state table "products" has no column "last_reason"',
    });
    await become(sql, "service_role");
    await post(sql, [stockUpdated(id("without a column", 1))]);
    const written = { upserts: { products: [row as JSONValue] } };
    const properties = { products: Object.keys(row) };
    await sql.savepoint(async (sql) =>
      await commit(sql, await take(sql), { ...written, properties })
    );
    const wider = { products: [...properties.products, "last_reason"] };
    const error = await assertRejects(async () => {
      await commit(sql, await take(sql), { ...written, properties: wider });
    });
    assertStringIncludes(String(error), 'state table "products" has no column "last_reason"');
  });
});

/** As commit_events does: what is gone, then what is there. */
async function write(sql: TransactionSql, before: Rows, rows: Rows): Promise<void> {
  for (const [table, list] of Object.entries(before)) {
    await sql`select private.delete_rows(${table}, ${sql.json(list as JSONValue)})`;
  }
  for (const [table, list] of Object.entries(rows)) {
    await sql`select private.write_rows(${table}, ${sql.json(list as JSONValue)})`;
  }
}

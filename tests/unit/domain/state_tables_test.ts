import { assert, assertEquals } from "@std/assert";
import { fold, toRows } from "../../../shared/domain/aggregate.ts";
import { aggregates } from "../../../shared/domain/aggregates.ts";
import { exampleStories } from "./example_stories.ts";
import { events } from "./story.ts";

const MIGRATIONS = new URL("../../../supabase/migrations/", import.meta.url);

Deno.test("every table of an aggregate is registered for the Database Manager as in code", async () => {
  const sql = await stateTableMigrations();
  for (const { type, table, children } of aggregates) {
    assert(sql.includes(`('${table}', '${type}', null, '{id}', null)`), table);
    for (const [property, child] of Object.entries(children)) {
      const key = `{${child.key.join(",")}}`;
      const row = `('${child.table}', '${type}', '${property}', '${key}', '${child.parent}')`;
      assert(sql.includes(row), row);
    }
  }
});

Deno.test("every row has exactly the columns of its table", async () => {
  const sql = await stateTableMigrations();
  for (const { aggregate, facts } of exampleStories) {
    const story = events(aggregate.type, ...facts);
    for (let length = 1; length <= story.length; length++) {
      const rows = toRows(aggregate, fold(aggregate, story.slice(0, length)));
      for (const [table, [row]] of Object.entries(rows)) {
        if (row) assertEquals(Object.keys(row).sort(), columnsOf(sql, table), table);
      }
    }
  }
});

async function stateTableMigrations(): Promise<string> {
  const names = [...Deno.readDirSync(MIGRATIONS)].map(({ name }) => name)
    .filter((name) => name.startsWith("202611240005"));
  const texts = names.map((name) => Deno.readTextFile(new URL(name, MIGRATIONS)));
  return (await Promise.all(texts)).join("\n");
}

/** Lines of the table that begin with a name and not with `constraint`; they are indented by two. */
function columnsOf(sql: string, table: string): string[] {
  const body = sql.split(`create table public.${table} (\n`)[1]?.split("\n)")[0] ?? "";
  return [...body.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name ?? "")
    .filter((name) => name !== "constraint").sort();
}

/** The Supabase CLI's database advisors, and the five of splinter's 28 lints that they leave out. */
import { assertEquals } from "@std/assert";
import type { Sql } from "postgres";
import { runSupabase } from "../../supabase/local/migrations.ts";
import { repository } from "../../supabase/local/repository.ts";
import { scratchDatabase } from "../support/scratch_database.ts";
import { openSql, runningStack } from "../support/stack.ts";

interface Advice {
  name: string;
  detail: string;
}

/** It counts scans since the database was made: in a young one every index is unused. */
const aboutTraffic = "unused_index";

async function advice(dbUrl: string): Promise<Advice[]> {
  const args = ["db", "advisors", `--remote=${dbUrl}`, "--level=info", "--output-format=json"];
  const { results }: { results: Advice[] } = JSON.parse(await runSupabase(repository, args));
  return results.filter(({ name }) => name !== aboutTraffic);
}

const folder = new URL("lints/", import.meta.url);
const lints = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();

async function findings(sql: Sql, lint: string): Promise<string[]> {
  const rows = await sql.unsafe(await Deno.readTextFile(new URL(lint, folder)));
  return rows.map(({ finding }) => finding);
}

Deno.test("the Supabase CLI's advisors report nothing, at any level", async () => {
  const reported = await advice(runningStack().dbUrl);
  assertEquals(reported.map(({ name, detail }) => `${name}: ${detail}`), []);
});

for (const lint of lints) {
  Deno.test(`splinter's ${lint.replace(".sql", "")} reports nothing`, async () => {
    await using sql = openSql();
    assertEquals(await findings(sql, lint), []);
  });
}

Deno.test("advisors and lints report a database that breaks their rules", async () => {
  await using database = await scratchDatabase();
  await database.sql.unsafe(`
    create table public.open_to_all (word text);
    grant select on public.open_to_all to anon;
    create function public.raise_rights() returns void language sql security definer as '';
    create schema storage;
    create table storage.objects (name text primary key);
    create policy anybody_reads on storage.objects for select using (true);
  `);
  const names = new Set((await advice(database.url)).map(({ name }) => name));
  assertEquals(
    [...names].sort(),
    ["function_search_path_mutable", "no_primary_key", "rls_disabled_in_public"],
  );
  const reported = await Promise.all(lints.map((lint) => findings(database.sql, lint)));
  assertEquals(reported, [
    ["policy anybody_reads on storage.objects"],
    ["open_to_all may be read by anon"],
    [], // 0027 asks for an extension that only a hosted project can install
    ["raise_rights() may be executed by anon"],
    ["raise_rights() may be executed by authenticated"],
  ]);
});

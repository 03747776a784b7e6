/**
 * Writes a migration that brings `event_types` to the catalog in code, when they differ:
 * `deno run -A supabase/write_event_types.ts`. Migrations written before stay as they are, for they
 * may have been applied; with `--seed` the first one is written anew instead, for a platform that
 * was never deployed. A unit test says when one is due.
 */
import { parseArgs } from "node:util";
import { catalog, type CatalogEntry, jsonSchemaOf } from "../shared/events/catalog.ts";

const folder = new URL("migrations/", import.meta.url);
const seed = "20261124000600_seed_event_types.sql";
/** What ends the name of each migration that this module writes. */
const suffix = "_event_types.sql";

/** The text of a migration from what those before it wrote to the catalog; null when nothing is due. */
export function dueEventTypes(
  before: readonly string[],
  entries: readonly CatalogEntry[] = catalog,
): string | null {
  const written = writtenRows(before);
  const changed = entries.map((entry) => [entry.type, row(entry)] as const)
    .filter(([type, text]) => written.get(type) !== text);
  const known = new Set(entries.map(({ type }) => type));
  const gone = [...written].filter(([type, text]) => text !== null && !known.has(type));
  const parts = [
    ...changed.length > 0 ? [upsert(changed.map(([, text]) => text))] : [],
    ...gone.map(([type]) =>
      `update public.event_types set active = false, updated_at = now() where event_type = ${
        text(type)
      };\n`
    ),
  ];
  return parts.length > 0 ? [HEAD, ...parts].join("\n") : null;
}

/** The texts of the migrations that this module wrote, oldest first. */
export async function eventTypeMigrations(): Promise<string[]> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name.endsWith(suffix)).sort();
  return await Promise.all(names.map((name) => Deno.readTextFile(new URL(name, folder))));
}

const HEAD =
  "-- Written by supabase/write_event_types.ts from shared/events/catalog.ts. Do not edit.\n";

function upsert(rows: readonly string[]): string {
  return `insert into public.event_types
  (event_type, aggregate_type, description, json_schema, example, schema_version, posted_by, active, source)
values
${rows.join(",\n")}
on conflict (event_type) do update set
  aggregate_type = excluded.aggregate_type,
  description = excluded.description,
  json_schema = excluded.json_schema,
  example = excluded.example,
  schema_version = excluded.schema_version,
  posted_by = excluded.posted_by,
  active = excluded.active,
  source = excluded.source,
  updated_at = now();
`;
}

function row(entry: CatalogEntry): string {
  const columns = [
    `${text(entry.type)}, ${text(entry.aggregateType)}, ${text(entry.description)}`,
    text(JSON.stringify(jsonSchemaOf(entry))),
    text(JSON.stringify(entry.example)),
    `${entry.schemaVersion}, ${text(`{${entry.postedBy.join(",")}}`)}, true, 'code'`,
  ];
  return `  (${columns.join(",\n    ")})`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** By type, the row that was written last; null: retired. */
function writtenRows(migrations: readonly string[]): Map<string, string | null> {
  const rows = new Map<string, string | null>();
  const each =
    /^ {2}\('([\w.]+)', [^]*?true, 'code'\)(?=,?$)|^update .* where event_type = '([\w.]+)';$/gm;
  for (const [match, written, retired] of migrations.join("\n").matchAll(each)) {
    if (written !== undefined) rows.set(written, match);
    else if (retired !== undefined) rows.set(retired, null);
  }
  return rows;
}

async function write(anew: boolean): Promise<string> {
  const due = dueEventTypes(anew ? [] : await eventTypeMigrations());
  if (due === null) return "The migrations say what the catalog says: nothing to write.";
  const now = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const name = anew ? seed : now + suffix;
  await Deno.writeTextFile(new URL(name, folder), due);
  return `Written: supabase/migrations/${name}`;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { seed: { type: "boolean", default: false } } });
  console.log(await write(values.seed));
}

/**
 * Writes the migration that fills `event_types` from the catalog in code:
 * `deno run -A supabase/write_event_types.ts`. A unit test says when the two differ.
 */
import { catalog, type CatalogEntry, jsonSchemaOf } from "../shared/events/catalog.ts";

/** The file this module writes. */
export const migration = new URL("migrations/20261124000600_seed_event_types.sql", import.meta.url);

/** The text of the migration: the same for the same catalog. */
export function seedEventTypes(entries: readonly CatalogEntry[] = catalog): string {
  return `-- Written by supabase/write_event_types.ts from shared/events/catalog.ts. Do not edit.

insert into public.event_types
  (event_type, aggregate_type, description, json_schema, example, schema_version, posted_by, active, source)
values
${entries.map(row).join(",\n")}
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

if (import.meta.main) await Deno.writeTextFile(migration, seedEventTypes());

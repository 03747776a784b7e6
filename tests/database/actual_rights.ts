/** Reads from the catalog who may do what, as PostgreSQL itself decides it. */
import type { TransactionSql } from "postgres";
import type { Rights } from "./expected_rights.ts";

const schemas = ["public", "private"];

/** Of every table, view and sequence; a privilege on a single column counts as well. */
export async function relationRights(sql: TransactionSql): Promise<Record<string, Rights>> {
  return byName(
    await sql<Row[]>`
    select n.nspname || '.' || c.relname as name, r.role, coalesce(string_agg(p, ', ' order by p)
      filter (where case when c.relkind = 'S' then p in ('select', 'update', 'usage') and has_sequence_privilege(r.role, c.oid, p)
        when p = 'usage' then false
        when p in ('select', 'insert', 'update', 'references') then has_any_column_privilege(r.role, c.oid, p)
        else has_table_privilege(r.role, c.oid, p) end), '') as privileges
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    cross join unnest(array['anon', 'authenticated', 'service_role']) r(role)
    cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger', 'maintain', 'usage']) p
    where n.nspname = any (${schemas}) and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    group by 1, 2 order by 1, 2`,
  );
}

/** Of every function, by name; of overloaded ones what may be done with any of them. */
export async function functionRights(sql: TransactionSql): Promise<Record<string, Rights>> {
  return byName(
    await sql<Row[]>`
    select n.nspname || '.' || p.proname as name, r.role,
      case when bool_or(has_function_privilege(r.role, p.oid, 'execute')) then 'execute' else '' end as privileges
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    cross join unnest(array['anon', 'authenticated', 'service_role']) r(role)
    where n.nspname = any (${schemas})
    group by 1, 2 order by 1, 2`,
  );
}

interface Row {
  name: string;
  role: keyof Rights;
  privileges: string;
}

function byName(rows: readonly Row[]): Record<string, Rights> {
  const rights: Record<string, Rights> = {};
  for (const { name, role, privileges } of rows) {
    rights[name] ??= { anon: "", authenticated: "", service_role: "" };
    rights[name][role] = privileges;
  }
  return rights;
}

import type { DatabaseClient } from "../database/client.ts";
import { dataOf } from "../database/sqlstate.ts";
import { type Check, compileJsonSchema } from "./json_schema.ts";

/** An event type that only the database knows, ready to validate with. */
export interface RegisteredType {
  aggregateType: string;
  schemaVersion: number;
  check: Check;
}

interface Known {
  type: RegisteredType | null;
  readAt: number;
}

/** How long a type read from the database is used without asking again, in milliseconds. */
const FRESH_FOR = 30_000;
/** The shortest time between two questions about the same type: nobody can make us ask faster. */
const ASKED_AGAIN_AFTER = 1_000;
const MOST_KNOWN = 1_000;

const known = new Map<string, Known>();

/**
 * The registered event type of that name, null when there is none. With `latest`, what is known is
 * not trusted any longer than a second: for a type that is unknown, or data that was refused.
 */
export async function findRegisteredType(
  database: DatabaseClient,
  name: string,
  latest = false,
): Promise<RegisteredType | null> {
  const found = known.get(name);
  const trusted = latest || found?.type === null ? ASKED_AGAIN_AFTER : FRESH_FOR;
  if (found && Date.now() - found.readAt < trusted) return found.type;
  const type = await read(database, name);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(name, { type, readAt: Date.now() });
  return type;
}

/** Forgets a type, so that the next look reads it anew. */
export function forgetRegisteredType(name: string): void {
  known.delete(name);
}

async function read(database: DatabaseClient, name: string): Promise<RegisteredType | null> {
  const row = dataOf(
    await database.from("event_types").select("aggregate_type, json_schema, schema_version")
      .eq("event_type", name).eq("source", "registered").maybeSingle(),
  );
  return row && {
    aggregateType: row.aggregate_type,
    schemaVersion: row.schema_version,
    check: compileJsonSchema(row.json_schema),
  };
}

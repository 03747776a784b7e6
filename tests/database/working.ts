/** What a worker of the Database Manager calls, straight in SQL. The role must be service_role. */
import type { ISql, JSONValue } from "postgres";
import type { Stored } from "./posting.ts";

const worker = "77777777-7e57-4000-8000-000000000001";

export interface Taken {
  leases: JSONValue;
  events: Stored[];
}

/** Everything that is due, of all partitions nobody else holds. */
export async function take(sql: ISql): Promise<Taken> {
  const [row] = await sql<{ taken: Taken }[]>`
    select public.take_events(${worker}, 10000, 16, 30) as taken`;
  if (!row) throw new Error("take_events returned no row");
  return row.taken;
}

export interface Outcome {
  processed?: number[];
  /** Numbers of events to park. */
  parked?: number[];
  /** Rows by table, and the names of their properties. */
  upserts?: Record<string, JSONValue[]>;
  properties?: Record<string, string[]>;
}

/** Commits what became of taken events, without any change of state unless stated. */
export async function commit(sql: ISql, { leases }: Taken, outcome: Outcome): Promise<void> {
  const failures = (outcome.parked ?? []).map((event_number) => ({
    event_number,
    error_code: "impossible",
    error: "It cannot be",
    retry_seconds: null,
  }));
  const batch = {
    upserts: outcome.upserts ?? {},
    properties: outcome.properties ?? {},
    deletes: {},
    changes: [],
    processed: outcome.processed ?? [],
    failures,
    effects: [],
  };
  await sql`select public.commit_events(${worker}, ${sql.json(leases)}, ${sql.json(batch)})`;
}

/**
 * Reads the whole log in the order of a rebuild and does nothing with it, in a process of its own: for each line it
 * reads it answers how many events it saw and how long that took.
 */
import postgres from "postgres";
import { adminClient } from "../../../shared/database/client.ts";
import { call } from "../../../shared/database_manager/store.ts";
import { serveLines } from "./serve_lines.ts";

/** The way to the database, and the events per page. */
export interface ReadRequest {
  through: "postgrest" | "sql";
  page: number;
}

export interface ReadResult {
  events: number;
  seconds: number;
}

/** Where an event stands in the order of a rebuild. */
interface Place {
  aggregate_type: string;
  aggregate_id: string;
  aggregate_version: number;
}

type ReadPage = (after: Place, limit: number) => Promise<readonly Place[]>;

const start: Place = {
  aggregate_type: "",
  aggregate_id: "00000000-0000-0000-0000-000000000000",
  aggregate_version: 0,
};
const sql = postgres(Deno.env.get("DATABASE_URL") ?? "", { max: 1, onnotice: () => {} });

const ways: Record<ReadRequest["through"], ReadPage> = {
  postgrest: async (after, limit) =>
    // bench_log_page selects whole events
    await call(adminClient(), "bench_log_page", {
      p_type: after.aggregate_type,
      p_id: after.aggregate_id,
      p_version: after.aggregate_version,
      p_limit: limit,
    }) as Place[],
  sql: async (after, limit) =>
    await sql<Place[]>`
      select * from public.events
      where (aggregate_type, aggregate_id, aggregate_version)
        > (${after.aggregate_type}, ${after.aggregate_id}, ${after.aggregate_version})
      order by aggregate_type, aggregate_id, aggregate_version limit ${limit}`,
};

await serveLines(async ({ through, page }: ReadRequest): Promise<ReadResult> => {
  const begun = performance.now();
  let events = 0;
  let last: Place | undefined = start;
  while (last) {
    const read: readonly Place[] = await ways[through](last, page);
    events += read.length;
    last = read.at(-1);
  }
  return { events, seconds: (performance.now() - begun) / 1000 };
});
await sql.end();

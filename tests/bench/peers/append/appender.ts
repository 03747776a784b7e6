import type { Pool } from "pg";
import type { BenchEvent } from "../../catalog_events.ts";

/** Appends events in one call and one transaction; resolves to how many were stored. */
export type Append = (events: readonly BenchEvent[]) => Promise<number>;

/** Readies the store behind a pool of node-postgres, its tables included unless they are there. */
export type OpenAppender = (pool: Pool, url: string) => Promise<Append>;

/** Who the events are by. */
export const staffId = "5eed0000-0000-4000-8000-000000000001";

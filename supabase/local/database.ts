/** Connections of the stack itself, through node-postgres: postgres.js can hang for ever after a crash of the server. */
// @ts-types="npm:@types/pg@8.23.1"
import pg from "pg";

export type { Pool, PoolClient } from "pg";

/** What the server answered; other errors are the connection's. */
export const { DatabaseError } = pg;

export interface PoolOptions {
  /** The application_name that the database sees. */
  name?: string;
  max?: number;
}

/** A pool that opens connections when they are needed and outlives the death of the server. */
export function openPool(url: string, { name, max = 4 }: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, application_name: name, max });
  pool.on("error", () => {}); // an idle connection was lost; the next query opens another
  // The server may also die under a connection in use; its query fails, and that is told to whoever asked.
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/** Runs `run` with a pool that is closed after it. */
export async function withPool<T>(url: string, run: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = openPool(url, { max: 1 });
  try {
    return await run(pool);
  } finally {
    await pool.end();
  }
}

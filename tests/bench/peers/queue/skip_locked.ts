/** The limit: jobs taken by SKIP LOCKED, a hundred at a time, one row updated for each, one transaction. */
import type { Pool } from "pg";
import { type Job, jobsOf, type OpenBacklog, update } from "./backlog.ts";

const batch = 100;

export const open: OpenBacklog = (pool) =>
  Promise.resolve({
    async fill(jobs) {
      for (const some of jobsOf(jobs)) {
        await pool.query(
          `insert into bench.jobs (row_id, payload)
           select (j ->> 'row_id')::int, j from jsonb_array_elements($1::jsonb) j`,
          [JSON.stringify(some)],
        );
      }
    },
    async work(_, workers) {
      const done = await Promise.all(Array.from({ length: workers }, () => drain(pool)));
      return done.reduce((sum, jobs) => sum + jobs, 0);
    },
  });

async function drain(pool: Pool): Promise<number> {
  const client = await pool.connect();
  try {
    for (let done = 0;;) {
      await client.query("begin");
      const { rows } = await client.query<{ id: string; payload: Job }>({
        name: "take",
        text: `
          select id, payload from bench.jobs order by id limit ${batch} for update skip locked`,
      });
      for (const { payload } of rows) await client.query(update(payload));
      await client.query({
        name: "delete",
        text: "delete from bench.jobs where id = any ($1)",
        values: [rows.map(({ id }) => id)],
      });
      await client.query("commit");
      if (rows.length === 0) return done;
      done += rows.length;
    }
  } finally {
    client.release();
  }
}

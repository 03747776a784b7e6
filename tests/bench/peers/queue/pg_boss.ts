/** pg-boss: jobs fetched and completed a hundred at a time, their rows updated in a transaction between the two. */
import { PgBoss } from "pg-boss";
import type { Pool } from "pg";
import { type Job, jobsOf, type OpenBacklog, update } from "./backlog.ts";

const queue = "bench";
const batch = 100;

export const open: OpenBacklog = async (pool) => {
  // On the same pool; nothing of it runs beside what is measured.
  const db = { executeSql: (text: string, values?: unknown[]) => pool.query(text, values) };
  const boss = new PgBoss({ db, supervise: false, schedule: false });
  boss.on("error", (error) => console.error(error));
  await boss.start();
  await boss.createQueue(queue);
  return {
    async fill(jobs) {
      for (const some of jobsOf(jobs)) {
        await boss.insert(queue, some.map((data) => ({ data })));
      }
    },
    async work(_, workers) {
      const done = await Promise.all(Array.from({ length: workers }, () => drain(boss, pool)));
      return done.reduce((sum, jobs) => sum + jobs, 0);
    },
  };
};

async function drain(boss: PgBoss, pool: Pool): Promise<number> {
  for (let done = 0;;) {
    const jobs = await boss.fetch<Job>(queue, { batchSize: batch });
    if (jobs.length === 0) return done;
    const client = await pool.connect();
    try {
      await client.query("begin");
      for (const { data } of jobs) await client.query(update(data));
      await client.query("commit");
    } finally {
      client.release();
    }
    await boss.complete(queue, jobs.map(({ id }) => id));
    done += jobs.length;
  }
}

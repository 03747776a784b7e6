/** The plain queue that projecting is compared with: SKIP LOCKED by 100, one row updated for each job. */
import postgres, { type Sql } from "postgres";

const batch = 100;
const rows = 4000;

export class PlainQueue {
  #workers: Sql[];

  constructor(dbUrl: string, workers: number) {
    this.#workers = Array.from({ length: workers }, () => postgres(dbUrl, { max: 1 }));
  }

  /** Makes the tables, anew. */
  static async create(sql: Sql): Promise<void> {
    await sql.file(new URL("queue.sql", import.meta.url));
  }

  /** Queues `count` jobs and opens the connections. */
  async fill(count: number): Promise<void> {
    await Promise.all(this.#workers.map((sql) => sql`select 1`));
    const [sql] = this.#workers;
    if (!sql) throw new Error("A queue needs a worker");
    await sql`
      insert into bench.jobs (row_id, payload)
      select n % ${rows}::int, jsonb_build_object('old_price', 5999, 'new_price', n, 'reason', 'competitor_match')
      from generate_series(1, ${count}::int) n`;
  }

  /** Works until the queue is empty; resolves to the jobs done. */
  async work(workers: number): Promise<number> {
    const done = await Promise.all(this.#workers.slice(0, workers).map(drainQueue));
    return done.reduce((sum, jobs) => sum + jobs, 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((sql) => sql.end({ timeout: 1 })));
  }
}

async function drainQueue(sql: Sql): Promise<number> {
  for (let done = 0;;) {
    const jobs = await sql.begin(async (transaction) => {
      const taken = await transaction`
        select id, row_id, payload from bench.jobs order by id limit ${batch} for update skip locked`;
      await Promise.all(taken.map((job) =>
        // pipelined on the one connection
        transaction`
          update bench.state set version = version + 1, payload = ${job.payload} where id = ${job.row_id}`
      ));
      await transaction`delete from bench.jobs where id = any (${taken.map(({ id }) => id)})`;
      return taken.length;
    });
    if (jobs === 0) return done;
    done += jobs;
  }
}

import type { Pool } from "pg";

/** Jobs, each of which changes one row of `bench.state`. */
export interface Backlog {
  /** Queues so many jobs. */
  fill(jobs: number): Promise<void>;
  /** Does all jobs that wait; resolves to how many it did. */
  work(jobs: number, workers: number): Promise<number>;
  /** Does all that were ever queued once more. */
  rebuild?(): Promise<number>;
}

/** Makes the peer's tables unless they are there. */
export type OpenBacklog = (pool: Pool, url: string) => Promise<Backlog>;

/** What a job says. */
export interface Job {
  row_id: number;
  old_price: number;
  new_price: number;
  reason: string;
}

/** Rows of `bench.state`. */
const rows = 4000;
const chunk = 1000;

/** The jobs from number `from` on, in pieces of which one call takes as many as it should. */
export function* jobsOf(count: number): Generator<Job[], void> {
  for (let from = 0; from < count; from += chunk) {
    yield Array.from({ length: Math.min(chunk, count - from) }, (_, i) => ({
      row_id: (from + i) % rows,
      old_price: 5999,
      new_price: from + i,
      reason: "competitor_match",
    }));
  }
}

/** The row's update, prepared. */
export function update(job: Job) {
  return {
    name: "update",
    text: "update bench.state set version = version + 1, payload = $2 where id = $1",
    values: [job.row_id, job],
  };
}

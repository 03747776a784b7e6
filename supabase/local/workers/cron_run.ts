import type { Pool, PoolClient } from "../database.ts";

/** An active row of `cron.job`. */
export interface CronJob {
  jobid: string;
  schedule: string;
  command: string;
  database: string;
  username: string;
}

/** Runs the job's command as its user and records the run in `cron.job_run_details`. */
export async function runJob(pool: Pool, job: CronJob): Promise<void> {
  const session = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => broken = error;
  session.on("error", onError);
  try {
    const { rows: [run] } = await session.query<{ runid: string }>(
      `insert into cron.job_run_details
        (jobid, job_pid, database, username, command, status, start_time)
      values ($1, pg_backend_pid(), $2, $3, $4, 'running', now())
      returning runid`,
      [job.jobid, job.database, job.username, job.command],
    );
    const [status, message] = await execute(session, job);
    await session.query(
      `update cron.job_run_details
      set status = $2, return_message = $3, end_time = clock_timestamp()
      where runid = $1`,
      [run?.runid, status, message],
    );
  } finally {
    session.off("error", onError);
    session.release(broken);
  }
}

async function execute(session: PoolClient, job: CronJob): Promise<[string, string]> {
  await session.query("select set_config('session_authorization', $1, false)", [job.username]);
  try {
    const { command, rowCount } = await session.query(job.command);
    return ["succeeded", `${command ?? "OK"} ${rowCount ?? 0}`];
  } catch (error) {
    return ["failed", `ERROR: ${error instanceof Error ? error.message : String(error)}`];
  } finally {
    await session.query("reset session authorization");
  }
}

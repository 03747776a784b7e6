import type { Sql } from "postgres";

/** An active row of `cron.job`. */
export interface CronJob {
  jobid: string;
  schedule: string;
  command: string;
  database: string;
  username: string;
}

/** Runs the job's command as its user and records the run in `cron.job_run_details`. */
export async function runJob(sql: Sql, job: CronJob): Promise<void> {
  const session = await sql.reserve();
  try {
    const { jobid, database, username, command } = job;
    const [run] = await session<{ runid: string }[]>`
      insert into cron.job_run_details (jobid, job_pid, database, username, command, status, start_time)
      values (${jobid}, pg_backend_pid(), ${database}, ${username}, ${command}, 'running', now())
      returning runid`;
    const [status, message] = await execute(session, job);
    await session`
      update cron.job_run_details
      set status = ${status}, return_message = ${message}, end_time = clock_timestamp()
      where runid = ${run?.runid ?? null}`;
  } finally {
    session.release();
  }
}

async function execute(session: Sql, { username, command }: CronJob): Promise<[string, string]> {
  await session`select set_config('session_authorization', ${username}, false)`;
  try {
    const result = await session.unsafe(command).simple();
    return ["succeeded", `${result.count ?? 0} rows`];
  } catch (error) {
    return ["failed", `ERROR: ${error instanceof Error ? error.message : String(error)}`];
  } finally {
    await session`reset session authorization`;
  }
}

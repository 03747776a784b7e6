/** What pg_cron's background worker does: runs `cron.job` on time, as the job's user, one run of a job at a time. */
import type { Pool } from "../database.ts";
import { Alarm } from "./alarm.ts";
import { type CronJob, runJob } from "./cron_run.ts";
import { nextRun } from "./cron_schedule.ts";
import { Worker } from "./worker.ts";

const lookEvery = 1000; // ms; how soon a change of cron.job is noticed

interface Plan {
  schedule: string;
  /** Milliseconds since 1970. */
  next: number;
  running?: Promise<void>;
}

export class CronWorker extends Worker {
  constructor(adminUrl: string) {
    super(adminUrl, "pg_cron");
  }

  protected override async work(pool: Pool, signal: AbortSignal): Promise<void> {
    const alarm = new Alarm(signal);
    const plans = new Map<string, Plan>();
    try {
      while (!signal.aborted) {
        const { rows: jobs } = await pool.query<CronJob>(
          "select jobid, schedule, command, database, username from cron.job where active",
        );
        const soonest = startDue(pool, jobs, plans);
        await alarm.wait(Math.max(1, Math.min(lookEvery, soonest - Date.now())));
      }
    } finally {
      await Promise.all([...plans.values()].map((plan) => plan.running));
    }
  }
}

function startDue(pool: Pool, jobs: CronJob[], plans: Map<string, Plan>): number {
  let soonest = Infinity;
  for (const job of jobs) {
    const now = Date.now();
    let plan = plans.get(job.jobid);
    if (plan?.schedule !== job.schedule) {
      // A job of every few seconds begins at once, so that a stack just started is not still waiting.
      const next = job.schedule.endsWith("seconds") ? now : nextRun(job.schedule, now);
      plan = { schedule: job.schedule, next, running: plan?.running };
      plans.set(job.jobid, plan);
    }
    if (plan.next <= now && !plan.running) start(pool, job, plan, now);
    soonest = Math.min(soonest, plan.next);
  }
  return soonest;
}

function start(pool: Pool, job: CronJob, plan: Plan, now: number): void {
  plan.next = nextRun(job.schedule, now);
  plan.running = runJob(pool, job)
    .catch(() => {}) // the connection is gone: the loop notices it too
    .finally(() => plan.running = undefined);
}

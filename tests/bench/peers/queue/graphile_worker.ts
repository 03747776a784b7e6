/** graphile-worker with its batching on: jobs fetched and completed many at a time, each run alone. */
import { Logger, makeWorkerUtils, run } from "graphile-worker";
import { type Job, jobsOf, type OpenBacklog, update } from "./backlog.ts";

const task = "update";
const batch = 100;
const logger = new Logger(() => () => {});

export const open: OpenBacklog = async (pool) => {
  const utils = await makeWorkerUtils({ pgPool: pool, logger });
  await utils.migrate();
  return {
    async fill(jobs) {
      for (const some of jobsOf(jobs)) {
        await utils.addJobs(some.map((payload) => ({ identifier: task, payload })));
      }
    },
    async work(jobs, workers) {
      const all = Promise.withResolvers<void>();
      let done = 0;
      const runner = await run({
        pgPool: pool,
        logger,
        noHandleSignals: true,
        preset: {
          worker: {
            concurrentJobs: workers,
            localQueue: { size: batch },
            completeJobBatchDelay: 0,
          },
        },
        taskList: {
          async [task](payload, { withPgClient }) {
            const job = payload as Job; // queued by `fill`
            await withPgClient((client) => {
              const { text, values } = update(job);
              return client.query(text, values);
            });
            if (++done === jobs) all.resolve();
          },
        },
      });
      await all.promise;
      await runner.stop(); // completes what it has done
      return done;
    },
  };
};

/** Emmett's own rebuild of a projection that updates one row an event, as something to compare with. */
import type { BenchStack } from "./bench_stack.ts";
import { startBacklog } from "./load/peer_process.ts";
import { withPeerDatabases } from "./peer_database.ts";
import type { Arm } from "./rounds.ts";

/** Events in its log: it takes seconds for each thousand. */
export const emmettEvents = 2_000;

/** Fills a log of Emmett's and hands `run` what measures its rebuild in events a second. */
export async function withEmmettRebuild<T>(
  stack: BenchStack,
  run: (arm: Arm<number>) => Promise<T>,
): Promise<T> {
  return await withPeerDatabases(stack, ["emmett"], async ({ emmett: { url, sql } }) => {
    const emmett = startBacklog("emmett");
    const request = { url, jobs: emmettEvents, workers: 1 };
    try {
      await sql.file(new URL("plain/queue.sql", import.meta.url));
      await emmett.ask({ ...request, task: "fill" });
      return await run({
        name: "emmett",
        async measure() {
          const { jobs, seconds } = await emmett.ask({ ...request, task: "rebuild" });
          const [row] = await sql`select sum(version)::int as updates from bench.state`;
          if (jobs !== emmettEvents || row?.updates !== emmettEvents) {
            throw new Error(`Emmett folded ${jobs} events, ${row?.updates} are in its state`);
          }
          return jobs / seconds;
        },
      });
    } finally {
      await emmett.stop();
    }
  });
}

/** Emmett's own rebuild of a projection that updates one row an event, as something to compare with. */
import type { Bench } from "./bench_stack.ts";
import { startBacklog } from "./load/peer_process.ts";
import { withPeerDatabases } from "./peer_database.ts";
import type { Arm } from "./rounds.ts";

/** Events in its log for each second of a measurement: it takes its time. */
const events = 600;

/** Fills a log of Emmett's and hands `run` what measures its rebuild in events a second. */
export async function withEmmettRebuild<T>(
  bench: Bench,
  run: (arm: Arm<number>) => Promise<T>,
): Promise<T> {
  return await withPeerDatabases(bench, ["emmett"], async ({ emmett: { url, sql } }) => {
    const emmett = startBacklog("emmett");
    const stored = events * bench.seconds;
    const request = { url, jobs: stored, workers: 1 };
    try {
      await sql.file(new URL("plain/queue.sql", import.meta.url));
      await emmett.ask({ ...request, task: "fill" });
      return await run({
        name: "emmett",
        async measure() {
          const { jobs, seconds } = await emmett.ask({ ...request, task: "rebuild" });
          const [row] = await sql`select sum(version)::int as updates from bench.state`;
          if (jobs !== stored || row?.updates !== stored) {
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

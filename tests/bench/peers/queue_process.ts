/** Lets one peer, named by the argument, work off a backlog; for each QueueRequest it answers a QueueResult. */
import pg from "pg";
import type { QueuePeer, QueueRequest, QueueResult } from "../load/peer_request.ts";
import { serveLines } from "../load/serve_lines.ts";
import type { Backlog, OpenBacklog } from "./queue/backlog.ts";

/** Imported one by one: a peer may change the driver for everybody in its process. */
const peers: Record<QueuePeer, () => Promise<{ open: OpenBacklog }>> = {
  skip_locked: () => import("./queue/skip_locked.ts"),
  graphile_worker: () => import("./queue/graphile_worker.ts"),
  pg_boss: () => import("./queue/pg_boss.ts"),
  emmett: () => import("./queue/emmett.ts"),
};

const name = Deno.args[0] as QueuePeer; // the part that started this process names one of them
const { open } = await peers[name]();
let backlog: Promise<Backlog> | undefined;

await serveLines(async ({ task, url, jobs, workers }: QueueRequest): Promise<QueueResult> => {
  backlog ??= open(poolOf(url), url);
  const opened = await backlog;
  const begun = performance.now();
  const done = await perform(opened, task, jobs, workers);
  return { jobs: done, seconds: (performance.now() - begun) / 1000 };
});
Deno.exit(0); // whatever pools and timers a peer has left

function poolOf(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 10 });
  pool.on("error", (error) => console.error(error.message));
  pool.on("connect", (client) => client.on("error", (error) => console.error(error.message)));
  return pool;
}

async function perform(
  backlog: Backlog,
  task: QueueRequest["task"],
  jobs: number,
  workers: number,
) {
  switch (task) {
    case "install":
      return 0;
    case "fill":
      await backlog.fill(jobs);
      return jobs;
    case "work":
      return await backlog.work(jobs, workers);
    case "rebuild":
      return await backlog.rebuild?.() ?? 0;
  }
}

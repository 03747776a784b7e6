import { projected } from "../backlog.ts";
import { type Bench, silence, wakeUp } from "../bench_stack.ts";
import { Drainer } from "../load/drainer.ts";
import { type Backlog, startBacklog } from "../load/peer_process.ts";
import type { QueuePeer } from "../load/peer_request.ts";
import { type PeerDatabase, withPeerDatabases } from "../peer_database.ts";
import { compare, type Section } from "../report.ts";
import { type Arm, interleave } from "../rounds.ts";

export const title = "projection-peers: a backlog beside other processors";

/** Jobs of each for a second of measurement, and the connections or jobs at a time it works with. */
const peers: { peer: QueuePeer; name: string; jobs: number; workers: number }[] = [
  { peer: "skip_locked", name: "SKIP LOCKED by 100, 1 worker", jobs: 3000, workers: 1 },
  { peer: "skip_locked", name: "SKIP LOCKED by 100, 8 workers", jobs: 3000, workers: 8 },
  { peer: "pg_boss", name: "pg-boss, 1 worker", jobs: 3000, workers: 1 },
  { peer: "pg_boss", name: "pg-boss, 8 workers", jobs: 3000, workers: 8 },
  { peer: "graphile_worker", name: "graphile-worker, 8 at a time", jobs: 1500, workers: 8 },
  { peer: "emmett", name: "Emmett's consumer", jobs: 600, workers: 1 },
];
const events = 3000;
const databaseNames = ["skip_locked", "pg_boss", "graphile_worker", "emmett"] as const;

/** One worker of the Database Manager on events of the catalog, beside queues that update one row a job. */
export async function run(bench: Bench): Promise<Section> {
  await silence(bench);
  return await withPeerDatabases(bench, databaseNames, async (databases) => {
    const processes = new Map(databaseNames.map((peer) => [peer, startBacklog(peer)]));
    const drainer = new Drainer(bench);
    try {
      for (const { sql } of Object.values(databases)) {
        await sql.file(new URL("../plain/queue.sql", import.meta.url));
      }
      const arms = [
        {
          name: "ours",
          measure: () => projected(bench, events * bench.seconds, () => drainer.drain()),
        },
        ...peers.map((one) =>
          arm(
            { ...one, jobs: one.jobs * bench.seconds },
            databases[one.peer],
            processes.get(one.peer),
          )
        ),
      ];
      const samples = await interleave(arms, bench.rounds, bench.log);
      await wakeUp(bench);
      return section(bench, (name) => samples[name] ?? []);
    } finally {
      await Promise.all([drainer, ...processes.values()].map((process) => process.stop()));
    }
  });
}

function arm(
  { peer, name, jobs, workers }: typeof peers[number],
  { url, sql }: PeerDatabase,
  process: Backlog | undefined,
): Arm<number> {
  if (!process) throw new Error(`Nobody started ${peer}`);
  const measure = async () => {
    await process.ask({ task: "fill", url, jobs, workers });
    await sql`checkpoint`;
    const before = await updates(sql);
    const done = await process.ask({ task: "work", url, jobs, workers });
    const updated = await updates(sql) - before;
    if (done.jobs !== jobs || updated !== jobs) {
      throw new Error(`${name} did ${done.jobs} of ${jobs} jobs and updated ${updated} rows`);
    }
    return jobs / done.seconds;
  };
  return { name, measure };
}

async function updates(sql: PeerDatabase["sql"]): Promise<number> {
  const [row] = await sql`select sum(version)::int as updates from bench.state`;
  return row?.updates;
}

function section(bench: Bench, rates: (arm: string) => number[]): Section {
  const [plain] = peers.map(({ name }) => name);
  const limit = { than: plain ?? "", against: rates(plain ?? ""), unit: "/s" };
  const worker = "drain(), one worker";
  return {
    title,
    note:
      `A backlog worked off, ${bench.rounds} rounds; the peers through node-postgres, each in its own ` +
      `process and database. The work is not equal. Ours: ${
        events * bench.seconds
      } events of the catalog folded ` +
      `through PostgREST in the order of each aggregate, each exactly once: 1 to 2 rows of state, ` +
      `\`state_changes\`, processed mark and statistics written. SKIP LOCKED: one row updated a job, ` +
      `the jobs deleted, one transaction for 100. pg-boss 12.38.0: 100 jobs fetched, their rows ` +
      `updated in a transaction, the jobs completed and kept. graphile-worker 0.18.0: 100 jobs ` +
      `fetched, each updates its row alone, completed in batches; half as many jobs. Emmett 0.42.0: one consumer in ` +
      `the log's order, its checkpoint with each event, a transaction for each; fewer jobs. None of them folds, keeps a history or ` +
      `orders by aggregate; only Emmett keeps an order as well.`,
    findings: [
      compare({ work: worker, ours: rates("ours"), ...limit, atLeast: 1 }),
      ...peers.slice(1).map(({ name }) => compare({ work: name, ours: rates(name), ...limit })),
      ...peers.slice(1).map(({ peer, name }) =>
        compare({
          work: worker,
          than: name,
          ours: rates("ours"),
          against: rates(name),
          unit: "/s",
          ...(peer === "pg_boss" ? { atLeast: 2 } : {}),
        })
      ),
    ],
  };
}

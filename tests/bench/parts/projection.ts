import { projected, untilProjected } from "../backlog.ts";
import { type Bench, silence, wakeUp } from "../bench_stack.ts";
import { Drainer } from "../load/drainer.ts";
import { PlainQueue } from "../plain/skip_locked.ts";
import { compare, measured, type Section } from "../report.ts";
import { type Arm, interleave } from "../rounds.ts";

export const title = "projection: events/s into the state tables";

const backlog = 10_000;
const workerCounts = [1, 2, 4];
const plainWorkerCounts = [1, 8];

/** A backlog projected by the function, by workers beside each other, and a plain queue emptied. */
export async function run(bench: Bench): Promise<Section> {
  await silence(bench);
  await PlainQueue.create(bench.sql);
  const queue = new PlainQueue(bench.stack.dbUrl, Math.max(...plainWorkerCounts));
  const workers = Array.from({ length: Math.max(...workerCounts) }, () => new Drainer(bench));
  try {
    const arms = [
      byFunction(bench),
      ...workerCounts.map((count) => byWorkers(bench, workers.slice(0, count))),
      ...plainWorkerCounts.map((count) => byPlainQueue(queue, count)),
    ];
    const samples = await interleave(arms, bench.rounds, bench.log);
    await wakeUp(bench);
    return section(bench, (name) => samples[name] ?? []);
  } finally {
    await Promise.all([queue.close(), ...workers.map((worker) => worker.stop())]);
  }
}

function section(bench: Bench, of: (arm: string) => number[]): Section {
  const unit = "/s";
  const against = (count: number) => ({
    than: `SKIP LOCKED, ${count} worker${count > 1 ? "s" : ""}`,
    against: of(`plain ${count}`),
    unit,
  });
  return {
    title,
    note: `A backlog of ${backlog} events of products and orders, projected through PostgREST; ` +
      `${bench.rounds} rounds. "The function" is the real one, called once by its webhook; workers ` +
      `are \`drain()\` in processes of their own. Each event changes 1 to 2 rows and writes state, ` +
      `\`state_changes\`, its processed mark and statistics. Against: a plain queue through ` +
      `postgres.js, 100 jobs taken by \`for update skip locked\`, one row updated for each, the jobs ` +
      `deleted, one transaction: no fold, no history, no order, no retry.`,
    findings: [
      measured({ work: "the function, one worker", values: of("function"), unit, atLeast: 2000 }),
      ...workerCounts.map((count) =>
        measured({ work: `drain(), ${count}`, values: of(`workers ${count}`), unit })
      ),
      ...plainWorkerCounts.map((count) =>
        compare({ work: "the function, one worker", ours: of("function"), ...against(count) })
      ),
      ...workerCounts.slice(1).map((count) =>
        compare({
          work: `drain(), ${count} workers`,
          than: "one worker",
          ours: of(`workers ${count}`),
          against: of("workers 1"),
          unit,
        })
      ),
    ],
  };
}

function byFunction(bench: Bench): Arm<number> {
  const { stack } = bench;
  return {
    name: "function",
    measure: () =>
      projected(bench, backlog, async () => {
        stack.pgNet.resume(); // a worker at its limits calls the next one through it
        const response = await fetch(`${stack.url}/functions/v1/database-manager`, {
          method: "POST",
          headers: { apikey: stack.keys.automations, "content-type": "application/json" },
          body: "{}",
        });
        await response.body?.cancel();
        if (response.status !== 202) throw new Error(`The webhook answered ${response.status}`);
        await untilProjected(bench);
        await stack.pgNet.pause();
      }),
  };
}

function byWorkers(bench: Bench, workers: Drainer[]): Arm<number> {
  return {
    name: `workers ${workers.length}`,
    measure: () =>
      projected(bench, backlog, async () => {
        await Promise.all(workers.map((worker) => worker.drain()));
      }),
  };
}

function byPlainQueue(queue: PlainQueue, workers: number): Arm<number> {
  return {
    name: `plain ${workers}`,
    measure: async () => {
      await queue.fill(backlog);
      const started = performance.now();
      const done = await queue.work(workers);
      if (done !== backlog) throw new Error(`${done} of ${backlog} jobs were done`);
      return backlog / (performance.now() - started) * 1000;
    },
  };
}

import { untilProjected } from "../backlog.ts";
import { type Bench, countedLoad, wakeUp } from "../bench_stack.ts";
import { residentMegabytes } from "../processor_time.ts";
import { measured, type Section } from "../report.ts";

export const title = "memory: the functions process under load";

const clients = 32;

/** Resident memory while appending by 32 connections, everything projected at the same time. */
export async function run(bench: Bench): Promise<Section> {
  const { stack, staffToken: token } = bench;
  await wakeUp(bench);
  const pid = stack.functions.pid;
  const start = await residentMegabytes(pid);
  const seen: number[] = [];
  const timer = setInterval(async () => seen.push(await residentMegabytes(pid)), 200);
  let events = 0;
  for (let round = 0; round < bench.rounds; round++) {
    for (const work of ["http-post-event", "http-post-batch"] as const) {
      const headers = { authorization: `Bearer ${token}` };
      const { rows } = await countedLoad(bench, { work, url: stack.url, headers, clients });
      events += rows;
    }
    await untilProjected(bench);
    bench.log(`  round ${round + 1}/${bench.rounds}: ${events} events, ${seen.at(-1)} MB`);
  }
  clearInterval(timer);
  const unit = " MB";
  return {
    title,
    note:
      `${bench.rounds} rounds of ${bench.seconds} s of single posts and ${bench.seconds} s of ` +
      `batches of 100 by ${clients} connections, ${events} events in all, every function in one ` +
      `process that also projects them.`,
    findings: [
      measured({ work: "before", values: [start], unit }),
      measured({ work: "highest", values: [Math.max(...seen)], unit, atMost: 400 }),
      measured({ work: "at the end", values: [await residentMegabytes(pid)], unit }),
    ],
  };
}

/** Which process spends how much CPU, from /proc; nothing elsewhere. */
import type { Bench } from "./bench_stack.ts";
import { number } from "./report.ts";
import { median } from "./statistics.ts";

const ticksPerSecond = 100;

/** Milliseconds of CPU for each row written, by process. */
export type Cost = Record<string, number>;

/** Runs `measure` and adds what each row it wrote cost each process of the stack. */
export async function withCost<T extends { rows: number }>(
  bench: Bench,
  measure: () => Promise<T>,
): Promise<T & { cost: Cost }> {
  const before = await processorSeconds(bench);
  const result = await measure();
  const after = await processorSeconds(bench);
  const cost = Object.entries(after).map(([name, used]) => {
    return [name, (used - (before[name] ?? 0)) * 1000 / result.rows];
  });
  return { ...result, cost: Object.fromEntries(cost) };
}

/** A table of costs for the remarks of a section. */
export function costTable(samples: Record<string, readonly { cost: Cost }[]>): string[] {
  const names = Object.keys(Object.values(samples)[0]?.[0]?.cost ?? {});
  return [
    `CPU per event in ms | ${names.join(" | ")}`,
    ["---", ...names.map(() => "---")].join(" | "),
    ...Object.entries(samples).map(([arm, own]) =>
      [arm, ...names.map((name) => number(median(own.map(({ cost }) => cost[name] ?? NaN))))]
        .join(" | ")
    ),
  ].map((line) => `| ${line} |`);
}

/** Resolves once gateway and functions do next to nothing, or after half a minute. */
export async function untilCalm({ stack }: Pick<Bench, "stack">): Promise<void> {
  const calm = 0.03; // seconds of CPU in half a second
  let before = await secondsOf(Deno.pid, stack.functions.pid);
  for (let look = 0; look < 60; look++) {
    await new Promise((done) => setTimeout(done, 500));
    const now = await secondsOf(Deno.pid, stack.functions.pid);
    if (now - before < calm) return;
    before = now;
  }
}

async function processorSeconds({ stack, load }: Bench): Promise<Record<string, number>> {
  return {
    clients: await secondsOf(load.pid),
    gateway: await secondsOf(Deno.pid),
    functions: await secondsOf(stack.functions.pid),
    postgrest: await secondsOf(stack.postgrest.pid),
    postgres: await familySeconds(stack.postgres.pid),
  };
}

/** With the children that live and those that have ended. */
async function familySeconds(pid: number): Promise<number> {
  const fields = await statOf(pid);
  const ended = (Number(fields[13]) + Number(fields[14]) || 0) / ticksPerSecond;
  return ended + await secondsOf(pid, ...await childrenOf(pid));
}

/** All processes whose parent is `pid`. */
async function childrenOf(pid: number): Promise<number[]> {
  const children: number[] = [];
  for (const { name } of await list("/proc")) {
    if (/^\d+$/.test(name) && (await statOf(Number(name)))[1] === `${pid}`) {
      children.push(Number(name));
    }
  }
  return children;
}

async function list(folder: string): Promise<Deno.DirEntry[]> {
  return await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
}

/** The fields of /proc/<pid>/stat after the name: state, parent, …; utime is 11, stime 12. */
async function statOf(pid: number): Promise<string[]> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" "); // a name may hold spaces
}

async function secondsOf(...pids: number[]): Promise<number> {
  const stats = await Promise.all(pids.map(statOf));
  const ticks = stats.map((fields) => Number(fields[11]) + Number(fields[12]) || 0);
  return ticks.reduce((sum, one) => sum + one, 0) / ticksPerSecond;
}

/** Resident memory of a process in MB. */
export async function residentMegabytes(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) / 1024;
}

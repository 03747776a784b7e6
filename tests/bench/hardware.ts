/** Where a table was measured. */
import type { Sql } from "postgres";

/** One line: cores, memory, CPU, versions, day. */
export async function hardwareLine(sql: Sql): Promise<string> {
  const [row] = await sql`select split_part(version(), ' ', 2) as version`;
  const memory = Math.round(Deno.systemMemoryInfo().total / 2 ** 30);
  const day = new Date().toISOString().slice(0, 10);
  return `${navigator.hardwareConcurrency} cores, ${memory} GiB, ${await cpuModel()}, ` +
    `PostgreSQL ${row?.version}, Deno ${Deno.version.deno}, ${day}`;
}

/** The load average of the last minute: above the number of cores, others were at work as well. */
export function loadAverage(): string {
  return (Deno.loadavg()[0] ?? 0).toFixed(1);
}

async function cpuModel(): Promise<string> {
  const text = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  return /model name\s*:\s*(.+)/.exec(text)?.[1] ?? `${Deno.build.arch} CPU`;
}

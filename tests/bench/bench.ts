/**
 * `deno task bench [part…] [--rounds=7] [--seconds=3] [--largest=1000000]`: measures the named parts, all by default,
 * each on a stack of its own, prints their tables and keeps them in results.md.
 */
import { parseArgs } from "node:util";
import { type Bench, type BenchStack, withBenchStack } from "./bench_stack.ts";
import { hardwareLine, loadAverage } from "./hardware.ts";
import { JsonProcess } from "./load/json_process.ts";
import * as appendHeard from "./parts/append_heard.ts";
import * as appendHttp from "./parts/append_http.ts";
import * as appendPeers from "./parts/append_peers.ts";
import * as appendSql from "./parts/append_sql.ts";
import * as followers from "./parts/followers.ts";
import * as growth from "./parts/growth.ts";
import * as lag from "./parts/lag.ts";
import * as memory from "./parts/memory.ts";
import * as projection from "./parts/projection.ts";
import * as projectionPeers from "./parts/projection_peers.ts";
import * as rebuild from "./parts/rebuild.ts";
import * as rebuildLong from "./parts/rebuild_long.ts";
import { type Section, toMarkdown } from "./report.ts";
import { store } from "./results_file.ts";

interface Part {
  title: string;
  run: (bench: Bench) => Promise<Section>;
}

const parts: Record<string, Part> = {
  "append-http": appendHttp,
  "append-sql": appendSql,
  "append-peers": appendPeers,
  "append-heard": appendHeard,
  followers,
  projection,
  "projection-peers": projectionPeers,
  rebuild,
  "rebuild-long": rebuildLong,
  lag,
  growth,
  memory,
};

function log(line: string): void {
  console.error(line);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: {
      rounds: { type: "string", default: "7" },
      seconds: { type: "string", default: "3" },
      largest: { type: "string", default: "1000000" },
    },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(parts);
  const chosen = names.map((name) => {
    const part = parts[name];
    if (!part) throw new Error(`No part "${name}": want ${Object.keys(parts).join(", ")}`);
    return { name, part };
  });
  const sections = new Map<string, string>();
  for (const { name, part } of chosen) {
    log(`${name}`);
    // A stack for each part: none finds the log of another.
    const markdown = await withBenchStack((stack) =>
      runPart(part, stack, {
        rounds: Number(values.rounds),
        seconds: Number(values.seconds),
        largest: Number(values.largest),
      })
    );
    console.log(`\n${markdown}`);
    sections.set(part.title, markdown);
    await store(sections, Object.values(parts).map(({ title }) => title));
  }
}

async function runPart(
  part: Part,
  stack: BenchStack,
  options: Pick<Bench, "rounds" | "seconds" | "largest">,
) {
  const load: Bench["load"] = new JsonProcess("tests/bench/load/process.ts");
  const before = loadAverage();
  try {
    const section = await part.run({ ...stack, ...options, load, log });
    const stamp = `${await hardwareLine(stack.sql)}; load average ${before} before, ` +
      `${loadAverage()} after.`;
    return toMarkdown(section, stamp);
  } finally {
    await load.stop();
  }
}

try {
  await main();
  Deno.exit(0);
} catch (error) {
  console.error(`Cannot measure: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}

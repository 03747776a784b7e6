/**
 * `deno task portal:load [--events 1000000] [--minutes 10]`: the portal with a large log, on a stack of its own: the first
 * view, scrolling, and the memory of a page that follows the stream. Prints a table, keeps that of the full form in
 * results.md, and fails when a target is missed.
 */
import { parseArgs } from "node:util";
import { describeStack } from "../../../../supabase/local/stack.ts";
import { type BenchStack, wakeUp, withBenchStack } from "../../../bench/bench_stack.ts";
import { hardwareLine, loadAverage } from "../../../bench/hardware.ts";
import { loadLog } from "../../../bench/load_log.ts";
import { stackVariable } from "../../../support/stack.ts";
import { missed, toTable } from "./measure.ts";

const full = { events: 1_000_000, minutes: 10 };
const { values } = parseArgs({
  options: { events: { type: "string" }, minutes: { type: "string" } },
});
const events = Number(values.events ?? full.events);
const minutes = Number(values.minutes ?? full.minutes);

async function main(bench: BenchStack): Promise<number> {
  Deno.env.set(stackVariable, JSON.stringify(describeStack(bench.stack)));
  console.error(`${Math.round(await loadLog(bench, events))} s to load ${events} events`);
  await wakeUp(bench);
  const before = loadAverage();
  const { measures, course } = await measure(bench.staffToken);
  const stamp = `${await hardwareLine(bench.sql)}; load average ${before} before, ` +
    `${loadAverage()} after; ${events.toLocaleString("en-GB")} events; ` +
    "stack, browser and what appends share the cores.";
  const report = `${stamp}\n\n${toTable(measures)}\n\n${course}\n`;
  console.log(report);
  if (events === full.events && minutes === full.minutes) {
    const preface = "# The portal under load\n\nWritten by `deno task portal:load`. ";
    await Deno.writeTextFile(new URL("results.md", import.meta.url), preface + report);
  }
  const misses = missed(measures);
  for (const { what } of misses) console.error(`Target missed: ${what}`);
  return misses.length === 0 ? 0 : 1;
}

async function measure(token: string) {
  // They ask for the running stack as they are loaded.
  const { openBrowser } = await import("../../chromium.ts");
  const { visitAs } = await import("../visit.ts");
  const { measureFirstRows } = await import("./first_rows.ts");
  const { measureScrolling } = await import("./scrolling.ts");
  const { measureLiveTail } = await import("./live_tail.ts");
  await using browser = await openBrowser();
  await using visit = await visitAs(browser, "staff");
  await visit.page.getByText("live", { exact: true }).waitFor();
  const first = await measureFirstRows(browser, await visit.page.context().storageState());
  console.error(toTable(first));
  const scrolling = await measureScrolling(visit.page, Math.min(100_000, events / 2));
  console.error(toTable(scrolling));
  const { measures, course } = await measureLiveTail(visit.page, { token, minutes });
  if (visit.errors.length > 0) throw new Error(`The console: ${visit.errors.join("; ")}`);
  return { measures: [...first, ...scrolling, ...measures], course };
}

try {
  Deno.exit(await withBenchStack(main));
} catch (error) {
  console.error(`Cannot measure: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}

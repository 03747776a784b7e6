import type { Page } from "playwright-core";
import { eventually } from "../../../support/eventually.ts";
import { openSql } from "../../../support/stack.ts";
import type { Measure } from "./measure.ts";
import { type Memory, memoryOf } from "./memory.ts";
import { appendSteadily } from "./steady_append.ts";

const perSecond = 100;

/** Follows the stream while events are appended. Memory is looked at every minute, or six times if it is short. */
export async function measureLiveTail(
  page: Page,
  { token, minutes }: { token: string; minutes: number },
): Promise<{ measures: Measure[]; course: string }> {
  const before = await newest();
  const appending = appendSteadily(token, perSecond);
  const looks = Math.max(Math.round(minutes), 5);
  const started = performance.now();
  const course: (Memory & { minute: number })[] = [];
  for (let look = 0; look <= looks; look++) {
    const at = started + minutes * 60_000 * look / looks;
    await page.waitForTimeout(Math.max(at - performance.now(), 0));
    course.push({ minute: minutes * look / looks, ...await memoryOf(page) });
  }
  const seconds = (performance.now() - started) / 1000;
  const appended = await appending.stop();
  const head = await newest();
  if (head - before < appended) throw new Error(`Stored ${head - before} events of ${appended}`);
  await eventually(async () => await shownFirst(page) === head, 30);
  const rows = await page.locator(".events-body [role=row]").count();
  const [, warm, ...later] = course; // the first minute fills what is kept
  const above = (Math.max(...later.map(({ heap }) => heap)) / (warm?.heap ?? 0) - 1) * 100;
  const flat = `over ${minutes} minutes, most above that after ${warm?.minute}`;
  return {
    measures: [
      {
        what: `live tail: seconds an event, of which ${appended.toLocaleString("en-GB")} came`,
        value: seconds / appended,
        unit: " s",
        atMost: 1.05 / perSecond,
      },
      { what: `live tail: heap ${flat}`, value: above, unit: " %", atMost: 15 },
      {
        what: "live tail: nodes, most, the row that is being drawn included",
        value: Math.max(...course.map(({ nodes }) => nodes)),
        unit: "",
        atMost: 5_000,
      },
      { what: "live tail: rows in the page", value: rows, unit: "", atMost: 120 },
    ],
    course: [
      "| minute of live tail | heap, MiB | nodes | listeners |",
      "|---|---|---|---|",
      ...course.map(({ minute, heap, nodes, listeners }) =>
        `| ${minute} | ${(heap / 2 ** 20).toFixed(1)} | ${nodes} | ${listeners} |`
      ),
    ].join("\n"),
  };
}

/** Number of the newest event that the page shows. */
async function shownFirst(page: Page): Promise<number> {
  const text = await page.locator(".events-body [role=row][aria-rowindex='2'] a").textContent();
  return Number(text);
}

async function newest(): Promise<number> {
  await using sql = openSql();
  const [row] = await sql`select max(event_number)::int as number from public.events`;
  return row?.number;
}

/** The progress bar of `deno task rebuild`, on a terminal and elsewhere. */
import { assertEquals } from "@std/assert";
import type { Rebuild } from "../../../../functions/database-manager/rebuild_schema.ts";
import { duration, ProgressBar, progressLine } from "../../../../supabase/rebuild/progress.ts";

const halfway: Rebuild = {
  id: "01932b7e-5d00-7000-8000-000000000001",
  kind: "rebuild",
  status: "scanning",
  aggregate_types: ["product"],
  requested_by: "system",
  reason: null,
  switch_by_hand: false,
  rolls_back: null,
  events_done: 1_234_567,
  events_total: 2_469_134,
  percent: 50,
  events_per_second: 7801.6,
  seconds_left: 158.2,
  differing_rows: 0,
  kept_rows: 0,
  differences: [],
  findings: [],
  started_at: "2026-11-01T10:00:00Z",
  scanned_at: null,
  finished_at: null,
  attempts: 1,
  error: null,
};

/** What a bar writes for these, one after the other. */
function shown(columns: number | null, rebuilds: readonly Rebuild[]): string {
  let text = "";
  const bar = new ProgressBar({ columns: () => columns, write: (more) => text += more });
  for (const rebuild of rebuilds) bar.show(rebuild);
  bar.end();
  return text;
}

/** The lines a terminal shows in the end. A full line goes on below; `\r` goes back within a line. */
function onTerminal(text: string, columns: number): string[] {
  const lines = [""];
  let column = 0;
  const put = (line: string) => void lines.splice(-1, 1, line);
  text.split("\x1b[K").forEach((piece, index) => {
    if (index > 0) put((lines.at(-1) ?? "").slice(0, column)); // what is right of here is cleared
    for (const character of piece) {
      if (character === "\r") column = 0;
      else if (character === "\n") column = columns;
      else {
        const line = lines.at(-1) ?? "";
        put(line.slice(0, column) + character + line.slice(column + 1));
        column += 1;
      }
      if (column === columns) {
        lines.push("");
        column = 0;
      }
    }
  });
  return lines;
}

Deno.test("the line says how far it is, how fast and how long it takes", () => {
  assertEquals(
    progressLine(halfway),
    `rebuild ${"█".repeat(15)}${"░".repeat(15)}  50 %  ` +
      "1,234,567 of 2,469,134 events, 7,802/s, 2 min 39 s left  scanning",
  );
});

Deno.test("at the end the bar is full, and no time is left", () => {
  const events_done = 2_469_140; // some came meanwhile
  const done = { status: "completed", percent: 100, seconds_left: null, events_done } as const;
  assertEquals(
    progressLine({ ...halfway, ...done }),
    `rebuild ${"█".repeat(30)} 100 %  2,469,140 of 2,469,140 events, 7,802/s  completed`,
  );
});

Deno.test("what stopped the last worker is in the line while another is to try", () => {
  const stopped = { ...halfway, attempts: 3, error: "statement timeout" };
  const trouble = "  scanning (attempt 3: statement timeout)";
  assertEquals(progressLine(stopped).endsWith(trouble), true);
  const failed = { ...stopped, status: "failed", finished_at: "2026-11-01T10:10:00Z" } as const;
  assertEquals(progressLine(failed).endsWith("failed"), true);
});

Deno.test("on a terminal one line moves, however narrow it is", () => {
  const end: Rebuild = { ...halfway, percent: 100, seconds_left: null }; // a shorter line
  const steps = [...[0, 10, 50].map((percent) => ({ ...halfway, percent })), end];
  const last = progressLine(end);
  assertEquals(onTerminal(shown(200, steps), 200), [last, ""]);
  assertEquals(onTerminal(shown(60, steps), 60), [last.slice(0, 59), ""]);
});

Deno.test("elsewhere there is a line for each tenth, and nothing moves", () => {
  const steps = [0, 1, 9, 10, 11, 50, 100, 100].map((percent) => ({ ...halfway, percent }));
  const lines = [0, 10, 50, 100].map((percent) => `${progressLine({ ...halfway, percent })}\n`);
  assertEquals(shown(null, steps), lines.join(""));
});

Deno.test("durations are in words", () => {
  const words = [0, 0.2, 59.1, 185, 3600, 4800].map(duration);
  assertEquals(words, ["0 s", "1 s", "1 min 0 s", "3 min 5 s", "1 h 0 min", "1 h 20 min"]);
});

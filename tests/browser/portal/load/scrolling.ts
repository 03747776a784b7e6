import type { Page } from "playwright-core";
import type { Measure } from "./measure.ts";
import { memoryOf, withWork } from "./memory.ts";

/** What the page notes while it scrolls by itself. */
interface Scroll {
  frames: number;
  longest: number;
  slow: number;
  waiting: number;
  rows: number;
  reached: number;
}

/** Rows passed in a frame: a hand is not as quick, and at a rush none could read. */
const STEP = 10;
const RUSH = 100;
/** Rows passed step by step. */
const STEPPED = 5_000;
/** Milliseconds of a frame that one notices. */
const SLOW = 50;

/** Scrolls down without a stop and up again: first some way, as a hand may, then at a rush over so many rows. */
export async function measureScrolling(page: Page, rows: number): Promise<Measure[]> {
  const idle = await idleFrames(page);
  const before = await memoryOf(page);
  const down = await scroll(page, STEP, Math.min(STEPPED, rows));
  const up = await scroll(page, -STEP, 0);
  const rushed = await scroll(page, RUSH, rows);
  const far = await memoryOf(page);
  const back = await scroll(page, -RUSH, 0);
  const passed = rushed.reached.toLocaleString("en-GB");
  return [
    ...even("down", down, idle),
    ...even("up", up, idle),
    { what: `at a rush over ${passed} rows and back: frames`, ...count(rushed, back) },
    {
      what: "rows in the page, most",
      value: Math.max(...[down, up, rushed, back].map((one) => one.rows)),
      unit: "",
      atMost: 120,
    },
    {
      what: `heap at row ${passed}, more than before`,
      value: (far.heap - before.heap) / 2 ** 20,
      unit: " MiB",
      atMost: 10,
    },
    { what: `nodes at row ${passed}`, value: far.nodes, unit: "", atMost: 10_000 },
  ];
}

function count(...scrolls: Pick<Scroll, "frames">[]) {
  return { value: scrolls.reduce((sum, { frames }) => sum + frames, 0), unit: "" };
}

function even(
  way: string,
  { frames, longest, slow, waiting, work, reached }: Scroll & { work: number },
  idle: Scroll,
): Measure[] {
  const title = `scrolling ${way}, ${STEP} rows a frame`;
  return [
    { what: `${title}, ${reached.toLocaleString("en-GB")} rows: frames`, ...count({ frames }) },
    {
      what: `${title}: work of the page's thread for a frame`,
      value: work * 1000 / frames,
      unit: " ms",
      atMost: 1000 / 60,
    },
    {
      what: `${title}: frames over ${SLOW} ms ` +
        `(of a page that does nothing: ${percent(idle.slow / idle.frames)} %)`,
      value: percent(slow / frames),
      unit: " %",
    },
    {
      what: `${title}: longest frame (of a page that does nothing: ${Math.round(idle.longest)} ms)`,
      value: longest,
      unit: " ms",
    },
    {
      what: `${title}: frames with a row in sight that is not loaded`,
      value: percent(waiting / frames),
      unit: " %",
      atMost: 10,
    },
  ];
}

/** How even frames are when nothing happens: the machine's own part. */
async function idleFrames(page: Page): Promise<Scroll> {
  const empty = await page.context().newPage();
  try {
    await empty.setContent(
      '<div role="grid"><div class="events-body"><div role="row" style="height:30px">1</div></div></div>',
    );
    await empty.addStyleTag({ content: "[role=grid]{overflow:auto;height:800px}" });
    await empty.addStyleTag({ content: ".events-body{height:300000px}" });
    return await scroll(empty, STEP, 300_000 / 30 - 30);
  } finally {
    await empty.close();
    await page.bringToFront();
  }
}

function percent(share: number): number {
  return Number((share * 100).toPrecision(2));
}

async function scroll(page: Page, step: number, rows: number): Promise<Scroll & { work: number }> {
  const script = `(${scrollItself})(${JSON.stringify({ step, rows, slow: SLOW })})`;
  const { result, work } = await withWork(page, () => page.evaluate<Scroll>(script));
  return { ...result, work };
}

/** Runs in the page. At the end of what is loaded it waits for more, and that counts as a row not loaded. */
const scrollItself = `({ step, rows, slow }) => new Promise((done) => {
  const grid = document.querySelector("[role=grid]");
  const height = document.querySelector(".events-body [role=row]").getBoundingClientRect().height;
  const noted = { frames: 0, longest: 0, slow: 0, waiting: 0, rows: 0, reached: 0 };
  const notLoaded = () => {
    if (!document.querySelector(".events-body .coming")) return false;
    const { top, bottom } = grid.getBoundingClientRect();
    return [...document.querySelectorAll(".events-body .coming")].some((row) => {
      const place = row.getBoundingClientRect();
      return place.bottom > top && place.top < bottom;
    });
  };
  let last = performance.now();
  let deadline = last + 600_000;
  requestAnimationFrame(function frame(now) {
    const took = now - last;
    last = now;
    noted.frames++;
    noted.longest = Math.max(noted.longest, took);
    if (took > slow) noted.slow++;
    const before = grid.scrollTop;
    grid.scrollTop += step * height;
    const stuck = grid.scrollTop === before;
    if (notLoaded() || (stuck && step > 0)) noted.waiting++;
    noted.rows = Math.max(noted.rows, document.querySelectorAll(".events-body [role=row]").length);
    noted.reached = Math.max(noted.reached, Math.round(grid.scrollTop / height));
    const there = step > 0 ? grid.scrollTop >= rows * height : grid.scrollTop === 0;
    if (there || now > deadline) done(noted);
    else requestAnimationFrame(frame);
  });
})`;

import type { Page } from "playwright-core";

/** What a page holds after everything that can go has gone. */
export interface Memory {
  /** Bytes. */
  heap: number;
  /** Of the page, seen or held by a script. */
  nodes: number;
  listeners: number;
}

export async function memoryOf(page: Page): Promise<Memory> {
  const session = await page.context().newCDPSession(page);
  try {
    for (let i = 0; i < 2; i++) await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    const { nodes, jsEventListeners } = await session.send("Memory.getDOMCounters");
    return { heap: usedSize, nodes, listeners: jsEventListeners };
  } finally {
    await session.detach();
  }
}

/** Runs `act`, and says how many seconds of processor time the page's thread worked meanwhile. */
export async function withWork<T>(
  page: Page,
  act: () => Promise<T>,
): Promise<{ result: T; work: number }> {
  const session = await page.context().newCDPSession(page);
  const worked = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "ThreadTime")?.value ?? NaN;
  };
  try {
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    const before = await worked();
    const result = await act();
    return { result, work: await worked() - before };
  } finally {
    await session.detach();
  }
}

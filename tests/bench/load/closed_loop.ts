import { percentile } from "../statistics.ts";
import type { LoadResult } from "./load_request.ts";

/** One call of one client; resolves to the rows it wrote or read. */
export type Step = () => Promise<number>;

/** Lets every client repeat its step until `seconds` are over; a call under way is finished. */
export async function closedLoop(steps: readonly Step[], seconds: number): Promise<LoadResult> {
  const started = performance.now();
  const deadline = started + seconds * 1000;
  const latencies: number[] = [];
  let rows = 0;
  await Promise.all(steps.map(async (step) => {
    for (let begun = performance.now(); begun < deadline;) {
      const written = await step(); // `rows += await` would lose what others add meanwhile
      rows += written;
      const ended = performance.now();
      latencies.push(ended - begun);
      begun = ended;
    }
  }));
  return {
    calls: latencies.length,
    rows,
    seconds: (performance.now() - started) / 1000,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}

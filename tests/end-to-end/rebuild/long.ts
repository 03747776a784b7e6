/**
 * `deno run -A tests/end-to-end/rebuild/long.ts [events]`: the long form of live_test.ts, 200,000 events by default. The
 * process of the functions is killed halfway; nobody starts the rebuild again.
 */
import { withStack } from "../../support/stack.ts";
import { type LiveReport, rebuildLive } from "./live.ts";

/** Rebuilds a log of so many events on a stack of its own, and prints how it went. */
export async function rebuildLong(events = 200_000): Promise<LiveReport> {
  console.log(`A rebuild of ${events} events under appends and reads, killed halfway`);
  return await withStack(async (stack) => {
    const report = await rebuildLive(stack, {
      events,
      seconds: 900,
      async halfway() {
        console.log("The functions are killed");
        await stack.functions.crash();
      },
    });
    console.log(report);
    return report;
  });
}

if (import.meta.main) await rebuildLong(...Deno.args.map(Number));

/**
 * `deno task soak [events] [seed]`: the long form of chaos_test.ts, 20,000 events by default, then that of the rebuild,
 * with ten times as many.
 */
import { withStack } from "../../support/stack.ts";
import { rebuildLong } from "../rebuild/long.ts";
import { chaos } from "./chaos.ts";

const [events = 20_000, seed = Date.now() % 1_000_000] = Deno.args.map(Number);
console.log(`${events} events, seed ${seed}`);
const started = Date.now();
await withStack(async (stack) => {
  const { acknowledged, repeated, mischief } = await chaos(stack, {
    seed,
    events,
    clients: 8,
    poisonPercent: 1,
  });
  console.log(mischief);
  console.log(
    `${acknowledged.length} acknowledged, ${repeated} posts repeated: nothing lost, nothing doubled ` +
      `(${Math.round((Date.now() - started) / 1000)} s)`,
  );
});
await rebuildLong(events * 10);

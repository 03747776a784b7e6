import { drain, type Drained, type DrainLimits, type Surroundings } from "./drain.ts";
import type { Store } from "./store.ts";

/**
 * Drains the log as one worker, and as two once a full batch shows that there is a backlog: while
 * one waits for the database, the other folds. Leases keep them apart, as they do isolates.
 *
 * @throws StoreError as {@link drain} does, once both have ended
 */
export async function drainTogether(
  openStore: () => Store,
  surroundings: Surroundings,
  limits: DrainLimits,
): Promise<Drained> {
  const store = openStore();
  let companion: Promise<Drained> | undefined;
  const watching: Store = {
    ...store,
    async take(wanted) {
      const batch = await store.take(wanted);
      if (batch.events.length >= wanted.batch) {
        companion ??= drain(openStore(), surroundings, limits);
        companion.catch(() => {}); // awaited below
      }
      return batch;
    },
  };
  const outcomes = await Promise.allSettled([drain(watching, surroundings, limits)]);
  if (companion) outcomes.push(...await Promise.allSettled([companion]));
  const done = outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
  const sum = (count: (one: Drained) => number) => done.reduce((all, one) => all + count(one), 0);
  return {
    processed: sum(({ processed }) => processed),
    failed: sum(({ failed }) => failed),
    batches: sum(({ batches }) => batches),
    cutShort: done.some(({ cutShort }) => cutShort),
  };
}

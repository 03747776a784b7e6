import { adminClient } from "../database/client.ts";
import { drain, type Drained } from "./drain.ts";
import { databaseStore } from "./store.ts";

let running: Promise<Drained> | null = null;
let calledAgain = false;

/**
 * Drains the log in this isolate. A call while it is draining already makes the running worker
 * look once more instead of starting a second one; other isolates share the work by leases.
 */
export function wake(): Promise<Drained> {
  calledAgain = true;
  return running ??= work();
}

async function work(): Promise<Drained> {
  const store = databaseStore(adminClient(), crypto.randomUUID());
  const total = { processed: 0, failed: 0, batches: 0, cutShort: false };
  try {
    while (calledAgain && !total.cutShort) {
      calledAgain = false;
      const drained = await drain(store, surroundings);
      total.processed += drained.processed;
      total.failed += drained.failed;
      total.batches += drained.batches;
      total.cutShort = drained.cutShort;
    }
    return total;
  } finally {
    // In the same turn as the last look at calledAgain: no call falls between the two.
    running = null;
  }
}

const surroundings = {
  now: () => performance.now(),
  pause: (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds)),
};

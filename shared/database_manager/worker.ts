import { adminClient } from "../database/client.ts";
import { drain } from "./drain.ts";
import { rebuildStore } from "./rebuild/store.ts";
import { workOnRebuild } from "./rebuild/work.ts";
import { databaseStore } from "./store.ts";

/** What a call made the Database Manager do in this isolate. */
export interface Woken {
  readonly processed: number;
  readonly failed: number;
  readonly batches: number;
  readonly cutShort: boolean;
}

/** How often a worker goes round again after a failure, for those who called meanwhile. */
const MOST_TROUBLES = 3;

let draining: Promise<Woken> | null = null;
let calledAgain = false;

/**
 * Drains the log in this isolate. A call while it is draining already makes the running worker
 * look once more instead of starting a second one; other isolates share the work by leases.
 */
export function wake(): Promise<Woken> {
  calledAgain = true;
  return draining ??= work();
}

async function work(): Promise<Woken> {
  const store = databaseStore(adminClient(), crypto.randomUUID());
  const total = { processed: 0, failed: 0, batches: 0, cutShort: false };
  let troubles = 0;
  try {
    while (calledAgain) {
      calledAgain = false;
      try {
        const drained = await drain(store, surroundings);
        total.processed += drained.processed;
        total.failed += drained.failed;
        total.batches += drained.batches;
        total.cutShort = drained.cutShort;
      } catch (error) {
        // Who called meanwhile must not share this failure, but not for ever.
        troubles += 1;
        if (!calledAgain || troubles > MOST_TROUBLES) throw error;
        await surroundings.pause(50 * troubles);
      }
    }
    return total;
  } finally {
    // In the same turn as the last look at calledAgain: no call falls between the two.
    draining = null;
  }
}

let rebuilding: Promise<unknown> | null = null;

/** Goes on with the rebuild under way, beside the draining of the log. One at a time. */
export async function wakeRebuild(): Promise<void> {
  if (rebuilding) return;
  const store = rebuildStore(adminClient(), crypto.randomUUID());
  rebuilding = workOnRebuild(store, surroundings.now);
  try {
    await rebuilding;
  } finally {
    rebuilding = null;
  }
}

const surroundings = {
  now: () => performance.now(),
  pause: (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds)),
};

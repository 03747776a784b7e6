import { adminClient } from "../database/client.ts";
import { singleFlight } from "../single_flight.ts";
import { drainLimits } from "./drain.ts";
import { drainTogether } from "./drain_together.ts";
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

const surroundings = {
  now: () => performance.now(),
  pause: (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds)),
};

/**
 * Drains the log in this isolate. A call while it is draining already makes the running worker
 * look once more instead of starting a second one; other isolates share the work by leases.
 */
export const wake: () => Promise<Woken> = singleFlight(async (before?: Woken) => {
  const openStore = () => databaseStore(adminClient(), crypto.randomUUID());
  const drained = await drainTogether(openStore, surroundings, drainLimits);
  return {
    processed: drained.processed + (before?.processed ?? 0),
    failed: drained.failed + (before?.failed ?? 0),
    batches: drained.batches + (before?.batches ?? 0),
    cutShort: drained.cutShort,
  };
});

/** Goes on with the rebuild under way, beside the draining of the log. One at a time. */
export const wakeRebuild: () => Promise<void> = singleFlight(async () => {
  await workOnRebuild(rebuildStore(adminClient(), crypto.randomUUID()), surroundings.now);
});

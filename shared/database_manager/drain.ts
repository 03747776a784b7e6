import type { Batch } from "./batch.ts";
import { commitOf } from "./commit.ts";
import { commitApart } from "./commit_apart.ts";
import { type AggregateWork, projectBatch } from "./project.ts";
import { isTooLate, type Store, StoreError } from "./store.ts";

/** Bounds of one worker, of whom an invocation has two at most, well inside the platform's 2 s of CPU and 150 s of wall clock. */
export interface DrainLimits {
  /** Events per batch. */
  readonly batch: number;
  /** Partitions leased at a time; the others are left to other workers. */
  readonly partitions: number;
  readonly leaseSeconds: number;
  /** Events after which the worker calls the next one and ends. */
  readonly events: number;
  /** Milliseconds after which the worker calls the next one and ends. */
  readonly milliseconds: number;
}

export const drainLimits: DrainLimits = {
  batch: 500,
  partitions: 4,
  leaseSeconds: 15,
  events: 5_000,
  milliseconds: 20_000,
};

/** What a worker did. */
export interface Drained {
  readonly processed: number;
  readonly failed: number;
  readonly batches: number;
  /** True when the worker ended on its limits, not for want of work. */
  readonly cutShort: boolean;
}

/** What the worker needs of the world beside the store. */
export interface Surroundings {
  /** Milliseconds of any steady clock. */
  now(): number;
  pause(milliseconds: number): Promise<void>;
}

/** How often a worker looks again for an append that was under way at its last look. */
const LAST_LOOKS = 40;
const LAST_LOOK_PAUSE = 25;

/**
 * Processes what waits in the log until nothing does, or the limits are reached.
 *
 * While it works, the doorbell is closed. Before it ends it opens the bell and looks once more;
 * an append that saw the bell closed either is in that look or was in flight, and is waited for.
 *
 * @throws StoreError when the database is away; what was taken is then taken again later
 */
export async function drain(
  store: Store,
  surroundings: Surroundings,
  limits: DrainLimits = drainLimits,
): Promise<Drained> {
  try {
    return await drainUntilQuiet(store, surroundings, limits);
  } catch (error) {
    // Best effort: without it the leases and the closed bell end by themselves.
    await store.release().catch(() => {});
    await store.openDoorbell(false).catch(() => {});
    throw error;
  }
}

async function drainUntilQuiet(
  store: Store,
  { now, pause }: Surroundings,
  limits: DrainLimits,
): Promise<Drained> {
  const end = now() + limits.milliseconds;
  const done = { processed: 0, failed: 0, batches: 0 };
  let bellOpen = false;
  let looks = 0;
  while (done.processed < limits.events && now() < end) {
    const batch = await store.take(limits);
    if (batch.events.length > 0) {
      const { processed, failed } = await processBatch(store, batch);
      done.processed += processed;
      done.failed += failed;
      done.batches += 1;
      bellOpen = false;
      looks = 0;
    } else if (batch.again) {
      bellOpen = false; // taking has closed it
    } else if (!bellOpen) {
      await store.openDoorbell(false);
      bellOpen = true;
    } else if (batch.in_flight && looks < LAST_LOOKS) {
      looks += 1;
      await pause(LAST_LOOK_PAUSE);
    } else {
      return { ...done, cutShort: false };
    }
  }
  await store.openDoorbell(true);
  return { ...done, cutShort: true };
}

async function processBatch(store: Store, batch: Batch) {
  const works = projectBatch(batch);
  try {
    const commit = commitOf(works);
    await store.commit(batch.leases, commit, true);
    return { processed: commit.processed.length, failed: commit.failures.length };
  } catch (error) {
    if (error instanceof StoreError && error.isAboutData) {
      return await processApart(store, batch, works);
    }
    if (isTooLate(error)) return TAKEN_AGAIN;
    throw error;
  }
}

/** The events go to whoever holds their partition now. */
const TAKEN_AGAIN = { processed: 0, failed: 0 };

async function processApart(store: Store, batch: Batch, works: readonly AggregateWork[]) {
  try {
    await commitApart(store, batch.leases, works);
    await store.release();
    return { processed: batch.events.length - 1, failed: 1 };
  } catch (error) {
    if (isTooLate(error)) return TAKEN_AGAIN;
    throw error;
  }
}

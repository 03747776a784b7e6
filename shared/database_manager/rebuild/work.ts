import { StoreError } from "../store.ts";
import { comparePage, type Page } from "./page.ts";
import type { Compared, RebuildJob, RebuildStore } from "./store.ts";

/** Bounds of one invocation; the next one goes on where it ended. */
export interface RebuildLimits {
  /** Events per page. */
  readonly page: number;
  /** Events after which the worker calls the next one and ends. */
  readonly events: number;
  /** Milliseconds after which the worker calls the next one and ends. */
  readonly milliseconds: number;
}

export const rebuildLimits: RebuildLimits = { page: 2_000, events: 40_000, milliseconds: 15_000 };

/** Aggregates folded again per round while catching up with those that moved. */
const CATCH_UP = 200;
/** Rounds without a hold before the Database Manager is held for the last ones. */
const FREE_ROUNDS = 20;

/**
 * Goes on with the rebuild, verification or rollback under way, if there is one and nobody else
 * does: scans the log, then switches. Returns what it worked on.
 *
 * @throws StoreError when the database is away or another worker took over; the work is resumed
 */
export async function workOnRebuild(
  store: RebuildStore,
  now: () => number,
  limits: RebuildLimits = rebuildLimits,
): Promise<RebuildJob | null> {
  const job = await store.take();
  if (!job) return null;
  try {
    const scanned = job.status !== "scanning" || await scan(store, job, now, limits);
    const switches = job.kind !== "verify" && !job.switch_by_hand;
    if (scanned && switches) await switchOver(store, job);
    else if (job.kind !== "verify" || !scanned) await store.leave();
  } catch (error) {
    if (!(error instanceof StoreError) || !isFinal(error)) throw error;
    await store.fail(job.id, error.message);
  }
  return job;
}

/** A refusal that no further attempt changes: the log cannot be folded, or a row not be written. */
function isFinal(error: StoreError): boolean {
  return error.code === "ES017" || error.isAboutData;
}

/** Scans page after page; false when the limits came first. */
async function scan(
  store: RebuildStore,
  job: RebuildJob,
  now: () => number,
  limits: RebuildLimits,
): Promise<boolean> {
  const end = now() + limits.milliseconds;
  let events = 0;
  let page = await store.scan(job.id, null, limits.page);
  while (page.events.length > 0) {
    const result = comparePage(page);
    events += result.events;
    // The page after the last result is read, and thrown away, also when the limits are reached:
    // the result must be kept.
    page = await store.scan(job.id, result, limits.page);
    if (page.events.length > 0 && (events >= limits.events || now() >= end)) return false;
  }
  return true;
}

/** Folds again what has moved since it was compared, at last under a hold, and switches. */
async function switchOver(store: RebuildStore, job: RebuildJob): Promise<void> {
  let compared: Compared | null = null;
  for (let round = 0; round < FREE_ROUNDS; round++) {
    const page: Page = await store.catchUp(job.id, compared, false, CATCH_UP);
    compared = compareAgain(job, page);
    // Those few that are left move faster than they are folded: only a hold catches them.
    if (compared.aggregates.length < CATCH_UP) break;
  }
  let page = await store.catchUp(job.id, compared, true, CATCH_UP);
  while (page.events.length > 0) {
    page = await store.catchUp(job.id, compareAgain(job, page), true, CATCH_UP);
  }
  await store.switchOver(job.id);
}

/** A rollback does not fold: rows that events have changed since keep what those made of them. */
function compareAgain(job: RebuildJob, page: Page): Compared {
  const aggregates = page.events.filter((event) => event.aggregate_version === 1)
    .map(({ aggregate_type, aggregate_id }) => ({ aggregate_type, aggregate_id }));
  if (job.kind === "rollback") return { aggregates, differences: [], findings: [] };
  const { differences, findings } = comparePage({
    ...page,
    partial_state: null,
    last_is_complete: true,
  });
  return { aggregates, differences, findings };
}

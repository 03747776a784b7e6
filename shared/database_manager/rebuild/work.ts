import { StoreError } from "../store.ts";
import { comparePage, endedIn, type Page } from "./page.ts";
import type { RebuildJob, RebuildStore } from "./store.ts";

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
    const switches = scanned && job.kind !== "verify" && !job.switch_by_hand;
    const done = switches ? await switchOver(store, job, now, limits) : job.kind === "verify";
    if (!scanned || !done) await store.leave();
  } catch (error) {
    if (!(error instanceof StoreError) || !isFinal(error)) {
      // Best effort: without it the lease ends by itself, and nobody knows why.
      await store.leave(error instanceof Error ? error.message : String(error)).catch(() => {});
      throw error;
    }
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
  const next = (page: Page | null) => store.scan(job.id, page && comparePage(page), limits.page);
  return await foldPages(next, untilSpent(limits, now));
}

/**
 * Folds again what has moved since it was compared, at last under a hold, and switches; false when
 * the limits came first.
 */
async function switchOver(
  store: RebuildStore,
  job: RebuildJob,
  now: () => number,
  limits: RebuildLimits,
): Promise<boolean> {
  const half = { ...limits, events: limits.events / 2, milliseconds: limits.milliseconds / 2 };
  const moved = (hold: boolean) => (page: Page | null) => {
    const result = page && { ...comparePage(page), compared: endedIn(page) };
    return store.catchUp(job.id, result, hold, limits.page);
  };
  const isSpent = untilSpent(half, now);
  // Those few that are left move faster than they are folded: only a hold catches them.
  await foldPages(moved(false), (events) => isSpent(events) || events < limits.page);
  if (!await foldPages(moved(true), untilSpent(half, now))) return false;
  await store.switchOver(job.id);
  return true;
}

/** Goes from page to page until one is empty; false when it was enough before that. */
async function foldPages(
  next: (page: Page | null) => Promise<Page>,
  isEnough: (events: number) => boolean,
): Promise<boolean> {
  let page = await next(null);
  while (page.events.length > 0) {
    const folded = page.events.length;
    // Another page is read, and thrown away, also when it is enough: only that keeps this one.
    page = await next(page);
    if (isEnough(folded) && page.events.length > 0) return false;
  }
  return true;
}

/** Counts events and time; says when one of both is used up. */
function untilSpent({ events, milliseconds }: RebuildLimits, now: () => number) {
  const end = now() + milliseconds;
  let folded = 0;
  return (more: number) => {
    folded += more;
    return folded >= events || now() >= end;
  };
}

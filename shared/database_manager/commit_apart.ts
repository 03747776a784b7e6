import type { Lease } from "./batch.ts";
import { commitOf } from "./commit.ts";
import type { AggregateWork } from "./project.ts";
import { failureOf } from "./retry_policy.ts";
import { type Store, StoreError } from "./store.ts";

/**
 * Commits works together; when the database refuses the data of one of them, halves until that
 * one stands alone, and fails the very event that was refused. Everything else goes through.
 * The leases are kept: the caller gives them back.
 *
 * @throws StoreError when the trouble is not the data: a lost lease, a database away
 */
export async function commitApart(
  store: Store,
  leases: readonly Lease[],
  works: readonly AggregateWork[],
): Promise<void> {
  try {
    await store.commit(leases, commitOf(works), false);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const [work] = works;
    if (works.length === 1 && work) return await commitSteps(store, leases, work);
    const middle = works.length >> 1;
    await commitApart(store, leases, works.slice(0, middle));
    await commitApart(store, leases, works.slice(middle));
  }
}

/** One event at a time, until one is refused: those behind it wait. */
async function commitSteps(store: Store, leases: readonly Lease[], work: AggregateWork) {
  let before = work.before;
  let failure = work.failure;
  for (const step of work.steps) {
    try {
      const single = { ...work, before, steps: [step], failure: null };
      await store.commit(leases, commitOf([single]), false);
      before = step.after;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      failure = failureOf(step.event, error.code, error.message);
      break;
    }
  }
  if (failure) await store.commit(leases, commitOf([{ ...work, steps: [], failure }]), false);
}

function isRefusal(error: unknown): error is StoreError {
  return error instanceof StoreError && error.isAboutData;
}

import { adminClient, type DatabaseClient } from "../database/client.ts";
import { call, isTooLate } from "../database_manager/store.ts";
import { environment } from "../environment.ts";
import { singleFlight } from "../single_flight.ts";
import { deliver, type Deliveries } from "./deliver.ts";
import { type Push, webhookPush } from "./webhook.ts";

/** Milliseconds after which no push begins any more; the worker then calls the next one. */
const LONGEST = 20_000;
/** Subscriptions served at the same time, so that one that answers slowly holds up few others. */
const AT_ONCE = 4;
/** Milliseconds before the next look when an append under way hides what follows. */
const HIDDEN = 100;

/** What a call made this isolate deliver, and when it stops in favour of the next call. */
interface Turn {
  readonly delivered: number;
  readonly end: number;
}

const turn = singleFlight(async (before?: Turn): Promise<Turn> => {
  const end = before?.end ?? performance.now() + LONGEST;
  const served = await serve(AT_ONCE, () => performance.now() >= end);
  return { delivered: served + (before?.delivered ?? 0), end };
});

/**
 * Pushes to every subscriber what is due, beside everything else this isolate does. A call while
 * it delivers already makes it look once more. Returns how many events were delivered.
 */
export async function wakeDeliveries(): Promise<number> {
  return (await turn()).delivered;
}

/** Serves one subscription after the other; while one is served, others are beside it. */
async function serve(atOnce: number, isLate: () => boolean): Promise<number> {
  const worker = crypto.randomUUID();
  const push = webhookPush(environment().subscriptionHosts);
  let delivered = 0;
  let beside: Promise<number> | undefined;
  while (!isLate()) {
    const taken = await takeDeliveries(adminClient(), worker);
    if (!taken) break;
    if (atOnce > 1 && !beside) {
      beside = serve(atOnce - 1, isLate);
      beside.catch(() => {}); // awaited below, unless this one fails first
    }
    delivered += await deliverTaken(adminClient(), worker, taken, push, isLate);
    if (isHidden(taken)) await new Promise((resolve) => setTimeout(resolve, HIDDEN));
  }
  return delivered + await (beside ?? 0);
}

/** Nothing could be taken although something is there: an append under way may come before it. */
function isHidden({ page, cursor, due }: Deliveries): boolean {
  return page.next === cursor && due.length === 0 && !page.head;
}

/**
 * Leases the next stretch of one subscription; null when nothing is due. A worker, named by a UUID
 * of its own, holds one subscription at a time.
 *
 * @throws StoreError when the database is away
 */
export async function takeDeliveries(
  client: DatabaseClient,
  worker: string,
): Promise<Deliveries | null> {
  // take_deliveries builds exactly this object; the end-to-end tests hold the two together.
  return await call(client, "take_deliveries", { p_worker: worker }) as Deliveries | null;
}

/**
 * Pushes what was taken and keeps the result. Returns how many events were delivered.
 *
 * @throws StoreError when the database is away; what was pushed is then pushed again
 */
export async function deliverTaken(
  client: DatabaseClient,
  worker: string,
  taken: Deliveries,
  push: Push,
  isLate: () => boolean,
): Promise<number> {
  const result = await deliver(taken, push, isLate);
  try {
    await call(client, "commit_deliveries", {
      p_worker: worker,
      p_name: taken.name,
      p_token: taken.token,
      p_result: { ...result, call_again: isLate() },
    });
  } catch (error) {
    // Deleted, replayed or taken over meanwhile: whoever holds it now delivers.
    if (!isTooLate(error)) throw error;
  }
  return result.delivered;
}

import { adminClient, type DatabaseClient } from "../database/client.ts";
import { call, isTooLate } from "../database_manager/store.ts";
import { environment } from "../environment.ts";
import { singleFlight } from "../single_flight.ts";
import { deliver, type Deliveries } from "./deliver.ts";
import { holdOf } from "./hold.ts";
import { type Push, webhookPush } from "./webhook.ts";
import { repeatWhile } from "./repeat_while.ts";

/** Milliseconds after a call in which deliveries begin; the worker then calls the next one. */
const LONGEST = 20_000;
/** Milliseconds around that end, so that what is due is either begun here or called for. */
const MARGIN = 1_000;
/** Deliveries at the same time, besides those that have become slow. */
const AT_ONCE = 4;
/** Milliseconds after which a delivery is slow, as when its subscriber hangs: no other waits for it. */
const SLOW = 250;
/** Deliveries at the same time, slow ones counted. */
const MOST = 64;
/** Milliseconds between two looks while the log is being drained. */
const DRAINING = 1_000;
/** Milliseconds before the next look when an append under way hides what follows. */
const HIDDEN = 100;

/** What this isolate delivers now, each with what it begins afterwards. */
const underWay = new Set<Promise<void>>();
let swift = 0;
let delivered = 0;
let end = 0;

/**
 * Pushes to every subscriber what is due, while the log is being drained, when inserts do not ring,
 * and once it is. A call while this isolate delivers already makes it look once more. Returns how
 * many events were delivered meanwhile.
 */
export async function deliverBeside(drained: Promise<unknown>): Promise<number> {
  const before = delivered;
  await repeatWhile(drained, DRAINING, () => {
    end = performance.now() + LONGEST;
    begin().catch(() => {}); // the look afterwards tells of it
  });
  end = performance.now() + LONGEST;
  await begin();
  const failures: unknown[] = [];
  while (underWay.size > 0) {
    for (const outcome of await Promise.allSettled(underWay)) {
      if (outcome.status === "rejected") failures.push(outcome.reason);
    }
  }
  if (failures.length > 0) throw failures[0];
  return delivered - before;
}

/** Begins to deliver whatever is due, and waits for none of it. */
const begin = singleFlight(async () => {
  while (swift < AT_ONCE && underWay.size < MOST && performance.now() < end) {
    const worker = crypto.randomUUID();
    const hold = { worker, since: performance.now() };
    const taken = await takeDeliveries(adminClient(), worker);
    if (!taken) return;
    const delivery: Promise<void> = serve(hold, taken).finally(() => underWay.delete(delivery));
    delivery.catch(() => {}); // whoever called learns of it
    underWay.add(delivery);
  }
});

/** Delivers what was taken, and looks what is due then. */
async function serve({ worker, since }: Hold, taken: Deliveries): Promise<void> {
  const mine = end;
  swift += 1;
  let counted = true;
  const release = () => {
    if (counted) swift -= 1;
    counted = false;
  };
  const timer = setTimeout(() => {
    release();
    begin().catch(() => {}); // the delivery itself looks again
  }, SLOW);
  try {
    const push = webhookPush(environment().subscriptionHosts);
    const isLate = () => performance.now() >= mine + MARGIN;
    const isLast = () => performance.now() >= mine - MARGIN;
    delivered += await deliverTaken(adminClient(), worker, taken, push, isLate, isLast, since);
    if (isHidden(taken)) await new Promise((resolve) => setTimeout(resolve, HIDDEN));
  } finally {
    clearTimeout(timer);
    release();
  }
  await begin();
}

/** A worker, and when it asked for what it holds, in milliseconds of `performance.now()`. */
interface Hold {
  readonly worker: string;
  readonly since: number;
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
 * Once `isLast`, the next worker is called when more is due. A deletion, or the loss of the
 * creator's rights, stops it before its next push.
 *
 * @throws StoreError when the database is away; what was pushed is then pushed again
 */
export async function deliverTaken(
  client: DatabaseClient,
  worker: string,
  taken: Deliveries,
  push: Push,
  isLate: () => boolean,
  isLast = isLate,
  since = -Infinity,
): Promise<number> {
  const result = await deliver(taken, push, isLate, holdOf(client, worker, taken, since));
  try {
    await call(client, "commit_deliveries", {
      p_worker: worker,
      p_name: taken.name,
      p_token: taken.token,
      p_result: { ...result, call_again: isLast() },
    });
  } catch (error) {
    // Deleted, replayed or taken over meanwhile: whoever holds it now delivers.
    if (!isTooLate(error)) throw error;
  }
  return result.delivered;
}

import { adminClient } from "../database/client.ts";
import { call, isTooLate } from "../database_manager/store.ts";
import { deliver, type Deliveries } from "./deliver.ts";
import { pushWebhook } from "./webhook.ts";

/** Milliseconds after which the worker calls the next one and ends. */
const LONGEST = 20_000;

let delivering: Promise<number> | null = null;
let calledAgain = false;

/**
 * Pushes to every subscriber what is due, beside everything else this isolate does. A call while
 * it delivers already makes it look once more. Returns how many events were delivered.
 */
export function wakeDeliveries(): Promise<number> {
  calledAgain = true;
  return delivering ??= work();
}

async function work(): Promise<number> {
  const worker = crypto.randomUUID();
  const end = performance.now() + LONGEST;
  let delivered = 0;
  try {
    while (calledAgain && performance.now() < end) {
      calledAgain = false;
      for (let some = await pushSome(worker); some !== null; some = await pushSome(worker)) {
        delivered += some;
        if (performance.now() >= end) break;
      }
    }
    return delivered;
  } finally {
    // In the same turn as the last look at calledAgain: no call falls between the two.
    delivering = null;
  }
}

/** Delivers the next stretch of one subscription; null when nothing is due. */
async function pushSome(worker: string): Promise<number | null> {
  const client = adminClient();
  // take_deliveries builds exactly this object; the end-to-end tests hold the two together.
  const taken = await call(client, "take_deliveries", { p_worker: worker }) as Deliveries | null;
  if (!taken) return null;
  const result = await deliver(taken, pushWebhook);
  try {
    await call(client, "commit_deliveries", {
      p_worker: worker,
      p_name: taken.name,
      p_token: taken.token,
      p_result: result,
    });
  } catch (error) {
    // Deleted, replayed or taken over meanwhile: whoever holds it now delivers.
    if (!isTooLate(error)) throw error;
  }
  return result.delivered;
}

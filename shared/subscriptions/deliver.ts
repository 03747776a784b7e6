import type { StoredEvent } from "../events/envelope.ts";
import type { FeedPage } from "../events/feed.ts";
import { queuesOf } from "./queues.ts";
import { type Outcome, pushInOrder } from "./push_in_order.ts";
import type { Push, Target } from "./webhook.ts";

/** An aggregate, as the log names it. */
export interface AggregateName {
  readonly aggregate_type: string;
  readonly aggregate_id: string;
}

/** Events of one aggregate that wait behind a delivery which failed. */
export interface Redelivery extends AggregateName {
  /** How often the first of them has failed. */
  readonly attempts: number;
  readonly events: readonly StoredEvent[] | null;
  /** Number of the first that waits and was not taken; null when these are all. */
  readonly rest: number | null;
}

/** Answer of `take_deliveries`. */
export interface Deliveries extends Target {
  readonly token: number;
  readonly max_attempts: number;
  /** Where the page begins. */
  readonly cursor: number;
  readonly page: FeedPage;
  readonly due: readonly Redelivery[];
  /** `type:id` of every aggregate of the page that waits behind a failed delivery. */
  readonly blocked: readonly string[];
}

/** Where an aggregate waits, and for how long. */
export interface FailedDelivery extends AggregateName {
  readonly event_number: number;
  readonly attempts: number;
  readonly error: string;
  /** Seconds until the next attempt; null parks the aggregate. */
  readonly retry_seconds: number | null;
}

/** Argument of `commit_deliveries`. */
export interface Delivered {
  readonly cursor: number;
  readonly delivered: number;
  readonly released: readonly AggregateName[];
  readonly failures: readonly FailedDelivery[];
}

/** Aggregates pushed to at the same time. */
const AT_ONCE = 8;

/**
 * Pushes what was taken: aggregates side by side, the events of each in order. Once `isLate`, or
 * when it `holds` them no more, no push begins: what is left waits for the next turn.
 */
export async function deliver(
  taken: Deliveries,
  push: Push,
  isLate: () => boolean,
  holds: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<Delivered> {
  const queues = queuesOf(taken);
  const outcomes: Outcome[] = [];
  const work = async () => {
    for (let queue = queues.shift(); queue; queue = queues.shift()) {
      outcomes.push(await pushInOrder(taken, queue, push, isLate, holds));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return {
    cursor: taken.page.next,
    delivered: outcomes.reduce((sum, { delivered }) => sum + delivered, 0),
    released: outcomes.flatMap(({ released }) => released ?? []),
    failures: outcomes.flatMap(({ failure }) => failure ?? []),
  };
}

import type { StoredEvent } from "../events/envelope.ts";
import type { FeedPage } from "../events/feed.ts";
import type { Push, Target } from "./webhook.ts";

/** Events of one aggregate that wait behind a delivery which failed. */
export interface Redelivery {
  readonly aggregate_type: string;
  readonly aggregate_id: string;
  /** How often the first of them has failed. */
  readonly attempts: number;
  readonly events: readonly StoredEvent[] | null;
  /** Whether these are all that wait. */
  readonly complete: boolean;
}

/** Answer of `take_deliveries`. */
export interface Deliveries extends Target {
  readonly token: number;
  readonly max_attempts: number;
  readonly page: FeedPage;
  readonly due: readonly Redelivery[];
  /** `type:id` of every aggregate behind a failed delivery. */
  readonly blocked: readonly string[];
}

/** A delivery that failed. */
export interface FailedDelivery {
  readonly aggregate_type: string;
  readonly aggregate_id: string;
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
  readonly released: readonly { aggregate_type: string; aggregate_id: string }[];
  readonly failures: readonly FailedDelivery[];
}

/** Aggregates pushed to at the same time. */
const AT_ONCE = 8;
/** Seconds to wait after each failed attempt. */
const RETRY_SECONDS = [1, 5, 30, 120, 600, 1800, 3600];

/** Pushes what was taken: aggregates side by side, the events of each in order. */
export async function deliver(taken: Deliveries, push: Push): Promise<Delivered> {
  const queues = [...taken.due.map(again), ...fresh(taken)];
  const outcomes: Outcome[] = [];
  const work = async () => {
    for (let queue = queues.shift(); queue; queue = queues.shift()) {
      outcomes.push(await deliverInOrder(taken, queue, push));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return {
    cursor: taken.page.next,
    delivered: outcomes.reduce((sum, { delivered }) => sum + delivered, 0),
    released: outcomes.flatMap(({ queue, failure }) =>
      queue.behindFailure && queue.complete && !failure ? [queue.aggregate] : []
    ),
    failures: outcomes.flatMap(({ failure }) => failure ?? []),
  };
}

interface Queue {
  readonly aggregate: { aggregate_type: string; aggregate_id: string };
  readonly events: readonly StoredEvent[];
  readonly attempts: number;
  readonly behindFailure: boolean;
  readonly complete: boolean;
}

interface Outcome {
  readonly queue: Queue;
  readonly delivered: number;
  readonly failure: FailedDelivery | null;
}

function again({ aggregate_type, aggregate_id, attempts, events, complete }: Redelivery): Queue {
  const aggregate = { aggregate_type, aggregate_id };
  return { aggregate, events: events ?? [], attempts, behindFailure: true, complete };
}

/** New events by aggregate. Those of an aggregate that waits behind a failure wait, too. */
function fresh({ page, blocked }: Deliveries): Queue[] {
  const waiting = new Set(blocked);
  const byKey = new Map<string, { queue: Queue; events: StoredEvent[] }>();
  for (const event of page.events) {
    const { aggregate_type, aggregate_id } = event;
    const key = `${aggregate_type}:${aggregate_id}`;
    if (waiting.has(key)) continue;
    const known = byKey.get(key);
    if (known) {
      known.events.push(event);
      continue;
    }
    const events = [event];
    const aggregate = { aggregate_type, aggregate_id };
    const queue = { aggregate, events, attempts: 0, behindFailure: false, complete: true };
    byKey.set(key, { queue, events });
  }
  return [...byKey.values()].map(({ queue }) => queue);
}

async function deliverInOrder(taken: Deliveries, queue: Queue, push: Push): Promise<Outcome> {
  let delivered = 0;
  for (const event of queue.events) {
    const error = await push(taken, event);
    if (error !== null) {
      const attempts = (delivered === 0 ? queue.attempts : 0) + 1;
      return { queue, delivered, failure: failure(taken, queue, event, attempts, error) };
    }
    delivered += 1;
  }
  const next = queue.complete ? undefined : queue.events.at(-1);
  // More wait than were taken: the aggregate stays behind its last event, and is due at once.
  return {
    queue,
    delivered,
    failure: next ? { ...place(queue, next), attempts: 0, error: "", retry_seconds: 0 } : null,
  };
}

function failure(
  { max_attempts }: Deliveries,
  queue: Queue,
  event: StoredEvent,
  attempts: number,
  error: string,
): FailedDelivery {
  const wait = RETRY_SECONDS[Math.min(attempts, RETRY_SECONDS.length) - 1] ?? null;
  const retry_seconds = attempts >= max_attempts ? null : wait;
  return { ...place(queue, event), attempts, error, retry_seconds };
}

function place({ aggregate }: Queue, { event_number }: StoredEvent) {
  return { ...aggregate, event_number };
}

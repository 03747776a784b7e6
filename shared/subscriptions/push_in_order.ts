import type { AggregateName, Deliveries, FailedDelivery } from "./deliver.ts";
import type { Queue } from "./queues.ts";
import type { Push } from "./webhook.ts";

/** What became of a queue. */
export interface Outcome {
  readonly delivered: number;
  /** Set when nothing of the aggregate waits any more. */
  readonly released?: AggregateName;
  readonly failure?: FailedDelivery;
}

/** Seconds to wait after each failed attempt. */
const RETRY_SECONDS = [1, 5, 30, 120, 600, 1800, 3600];
/** Said of an aggregate that waits without having failed. */
const NEXT_IN_LINE = "Not tried yet: more waits than one turn takes";

/** Pushes the events of one aggregate until one fails, or its turn is over. */
export async function pushInOrder(
  taken: Deliveries,
  queue: Queue,
  push: Push,
  isLate: () => boolean,
  holds: () => Promise<boolean>,
): Promise<Outcome> {
  let delivered = 0;
  for (const event of queue.events) {
    const { event_number } = event;
    if (!await holds() || isLate()) {
      const untouched = delivered === 0 && queue.behindFailure;
      return { delivered, ...(!untouched && { failure: nextInLine(queue, event_number) }) };
    }
    const error = await push(taken, event);
    if (error !== null) {
      const attempts = (delivered === 0 ? queue.attempts : 0) + 1;
      return { delivered, failure: failed(taken, queue, event_number, attempts, error) };
    }
    delivered += 1;
  }
  if (queue.rest !== null) return { delivered, failure: nextInLine(queue, queue.rest) };
  return { delivered, ...(queue.behindFailure && { released: queue.aggregate }) };
}

function failed(
  { max_attempts }: Deliveries,
  { aggregate }: Queue,
  event_number: number,
  attempts: number,
  error: string,
): FailedDelivery {
  const wait = RETRY_SECONDS[Math.min(attempts, RETRY_SECONDS.length) - 1] ?? null;
  const retry_seconds = attempts >= max_attempts ? null : wait;
  return { ...aggregate, event_number, attempts, error, retry_seconds };
}

/** The aggregate waits at an event that was not tried, and is due at once. */
function nextInLine({ aggregate }: Queue, event_number: number): FailedDelivery {
  return { ...aggregate, event_number, attempts: 0, error: NEXT_IN_LINE, retry_seconds: 0 };
}

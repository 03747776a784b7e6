import type { StoredEvent } from "../events/envelope.ts";
import type { AggregateName, Deliveries, Redelivery } from "./deliver.ts";

/** Events of one aggregate, to be pushed in order. */
export interface Queue {
  readonly aggregate: AggregateName;
  readonly events: StoredEvent[];
  /** How often the first of them has failed. */
  readonly attempts: number;
  readonly behindFailure: boolean;
  /** Number of the first event that waits behind these and was not taken. */
  readonly rest: number | null;
}

/**
 * What to push, by aggregate. Fresh events join the redelivery of their aggregate when that takes
 * all that waits: it is then released, and the cursor has passed them. Otherwise they wait, too.
 */
export function queuesOf({ page, due, blocked }: Deliveries): Queue[] {
  const queues = new Map(due.map((redelivery) => [keyOf(redelivery), again(redelivery)]));
  const waiting = new Set(blocked);
  for (const event of page.events) {
    const key = keyOf(event);
    const queue = queues.get(key);
    if (queue) {
      if (queue.rest === null) queue.events.push(event);
    } else if (!waiting.has(key)) {
      queues.set(key, fresh(event));
    }
  }
  return [...queues.values()];
}

function again({ events, attempts, rest, ...aggregate }: Redelivery): Queue {
  return { aggregate, events: [...events ?? []], attempts, behindFailure: true, rest };
}

function fresh(event: StoredEvent): Queue {
  const { aggregate_type, aggregate_id } = event;
  const aggregate = { aggregate_type, aggregate_id };
  return { aggregate, events: [event], attempts: 0, behindFailure: false, rest: null };
}

function keyOf({ aggregate_type, aggregate_id }: AggregateName): string {
  return `${aggregate_type}:${aggregate_id}`;
}

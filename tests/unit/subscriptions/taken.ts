/** What `take_deliveries` would give, and a subscriber that answers as told. */
import type { StoredEvent } from "../../../shared/events/envelope.ts";
import type { Deliveries, Redelivery } from "../../../shared/subscriptions/deliver.ts";
import type { Push } from "../../../shared/subscriptions/webhook.ts";

const AGGREGATES: Record<string, string> = {
  A: "aaaaaaaa-7e57-4000-8000-000000000001",
  B: "bbbbbbbb-7e57-4000-8000-000000000002",
};

/** `A1` is version 1 of aggregate A. Event numbers are the place in `log`. */
export function events(log: string): StoredEvent[] {
  return log.split(" ").map((name, place) => {
    const [aggregate = "", version] = name;
    return {
      id: name,
      event_number: place + 1,
      aggregate_type: "product",
      aggregate_id: AGGREGATES[aggregate] ?? aggregate,
      aggregate_version: Number(version),
    } as StoredEvent; // only what deliver reads
  });
}

/** A turn with these fresh events and these that wait behind failures. */
export function taken(fresh: StoredEvent[], due: Redelivery[] = [], blocked = ""): Deliveries {
  return {
    name: "test",
    url: "http://127.0.0.1:1",
    secret: "whsec_AAAA",
    token: 1,
    max_attempts: 3,
    cursor: 0,
    page: { events: fresh, next: fresh.at(-1)?.event_number ?? 0, head: true },
    due,
    blocked: [...blocked].map((letter) => `product:${AGGREGATES[letter]}`),
  };
}

/** Events of one aggregate that wait; `rest` is the number of the first that was not taken. */
export function waiting(
  events: StoredEvent[],
  { attempts = 1, rest = null }: { attempts?: number; rest?: number | null } = {},
): Redelivery {
  const [first] = events;
  if (!first) throw new Error("Nothing waits");
  const { aggregate_type, aggregate_id } = first;
  return { aggregate_type, aggregate_id, attempts, events, rest };
}

/** A subscriber that refuses some events and keeps what it took, in order. */
export function subscriber(refused: string[] = []): { push: Push; took: string[] } {
  const took: string[] = [];
  const push: Push = (_, event) => {
    if (refused.includes(event.id)) return Promise.resolve("The subscriber answered 500");
    took.push(event.id);
    return Promise.resolve(null);
  };
  return { push, took };
}

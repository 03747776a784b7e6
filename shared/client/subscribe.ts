import type { RealtimeClient } from "./bell.ts";
import { EventApiUnavailable } from "./errors.ts";
import type { StoredEvent } from "./event.ts";
import { rungByRealtime } from "./rung_by_realtime.ts";
import { type Call, pause, type Requests } from "./request.ts";
import { serverSentEvents } from "./server_sent_events.ts";

/** Which events to follow, from where, and how to hear of new ones. */
export interface SubscribeOptions {
  /** Begin after this event number; 0 from the start, "now" with what comes next. Default "now". */
  readonly after?: number | "now";
  /** Types such as `order.placed`, or all of an aggregate as `order.*`. */
  readonly event_types?: readonly string[];
  readonly aggregate_type?: string;
  readonly aggregate_id?: string;
  /** Ends the subscription. */
  readonly signal?: AbortSignal;
  /**
   * A supabase-js client whose Realtime broadcasts ring the bell. Without it, and while it is not
   * joined, the feed's own stream (Server-Sent Events) is used. Either way the feed is the truth:
   * ordered, no gap, no duplicate.
   */
  readonly realtime?: RealtimeClient;
}

/** A stretch of the feed. */
export interface FeedPage {
  readonly events: readonly StoredEvent[];
  readonly next: number;
  readonly head: boolean;
}

/** How far a subscription has come; each way of following it moves it on. */
export interface Place {
  /** Number of the last event that was given, or passed over by the filter. */
  cursor: number;
}

/** Milliseconds before the next connection when one has ended. */
const RECONNECT = 200;
/** Milliseconds before the next attempts when a request was given up. */
const AWAY = 2_000;

/**
 * The events after a cursor, for ever: over lost connections, restarts and missed broadcasts.
 * Ends when the signal aborts.
 *
 * @throws EventApiError when the API refuses, EventApiUnavailable when it cannot be reached at the
 * very beginning
 */
export async function* subscribe(
  requests: Requests,
  options: SubscribeOptions,
): AsyncGenerator<StoredEvent, void, void> {
  const { signal, realtime, after = "now" } = options;
  try {
    const place = { cursor: after === "now" ? await headOf(requests, options) : after };
    yield* realtime
      ? rungByRealtime(requests, options, realtime, place)
      : streamed(requests, options, place);
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}

async function headOf(requests: Requests, options: SubscribeOptions): Promise<number> {
  return (await requests.json<FeedPage>(feedCall(options, "now"))).next;
}

/** The request for what comes after a cursor. */
export function feedCall(
  { event_types, aggregate_type, aggregate_id, signal }: SubscribeOptions,
  after: number | "now",
): Call {
  return {
    path: "/feed",
    query: { after, event_type: event_types?.join(","), aggregate_type, aggregate_id },
    ...(signal ? { signal } : {}),
  };
}

/** Asks until there is an answer. */
export async function untilAnswered<T>(ask: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  while (true) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof EventApiUnavailable)) throw error;
      await pause(AWAY, signal);
      signal?.throwIfAborted();
    }
  }
}

/** Follows by Server-Sent Events from a place on, over any interruption, until the signal aborts. */
export async function* streamed(
  requests: Requests,
  options: SubscribeOptions,
  place: Place,
): AsyncGenerator<StoredEvent, void, void> {
  const { signal } = options;
  while (!signal?.aborted) {
    const call = { ...feedCall(options, place.cursor), headers: { Accept: "text/event-stream" } };
    const response = await untilAnswered(() => requests.open(call), signal);
    try {
      for await (const { id, data } of serverSentEvents(response)) {
        const number = Number(id);
        if (!(number > place.cursor)) continue;
        if (data !== "") yield JSON.parse(data);
        place.cursor = number;
      }
    } catch {
      // The connection broke: the next one goes on after the last event.
      signal?.throwIfAborted();
    }
    await pause(RECONNECT, signal);
  }
}

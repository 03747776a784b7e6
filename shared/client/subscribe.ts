import type { StoredEvent } from "./event.ts";
import { pause, type Requests } from "./request.ts";
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
   * A supabase-js client whose Realtime broadcasts ring the bell. Without it the feed's own stream
   * (Server-Sent Events) is used. Either way the feed is the truth: ordered, no gap, no duplicate.
   */
  readonly realtime?: RealtimeClient;
}

/** The part of supabase-js that is used. */
export interface RealtimeClient {
  channel(topic: string, options: { config: { private: boolean } }): RealtimeChannel;
  removeChannel(channel: RealtimeChannel): Promise<unknown>;
}

interface RealtimeChannel {
  on(type: "broadcast", filter: { event: string }, callback: () => void): RealtimeChannel;
  subscribe(callback?: (status: string) => void): unknown;
}

interface FeedPage {
  readonly events: readonly StoredEvent[];
  readonly next: number;
  readonly head: boolean;
}

/** Milliseconds between two looks without a broadcast: broadcasts can be lost. */
const LOOK_ANYWAY = 5_000;
const PAGE = 500;

/** The events after a cursor, for ever: over lost connections, restarts and missed broadcasts. */
export async function* subscribe(
  requests: Requests,
  options: SubscribeOptions,
): AsyncGenerator<StoredEvent, void, void> {
  const { signal, realtime } = options;
  const cursor = options.after === undefined || options.after === "now"
    ? await headOf(requests, signal)
    : options.after;
  try {
    yield* realtime
      ? rungByRealtime(requests, options, realtime, cursor)
      : streamed(requests, options, cursor);
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}

async function headOf(requests: Requests, signal?: AbortSignal): Promise<number> {
  const { answer } = await requests.json<FeedPage>({
    path: "/feed",
    query: { after: "now" },
    ...(signal ? { signal } : {}),
  });
  return answer.next;
}

function feedCall(
  { event_types, aggregate_type, aggregate_id, signal }: SubscribeOptions,
  after: number,
) {
  return {
    path: "/feed",
    query: { after, event_type: event_types?.join(","), aggregate_type, aggregate_id },
    ...(signal ? { signal } : {}),
  };
}

async function* rungByRealtime(
  requests: Requests,
  options: SubscribeOptions,
  realtime: RealtimeClient,
  from: number,
): AsyncGenerator<StoredEvent, void, void> {
  let ring = () => {};
  const topic = options.aggregate_type ? `events:${options.aggregate_type}` : "events";
  const channel = realtime.channel(topic, { config: { private: true } })
    .on("broadcast", { event: "*" }, () => ring());
  channel.subscribe(() => ring());
  let cursor = from;
  try {
    while (!options.signal?.aborted) {
      // Made before the look: a broadcast during it is not missed.
      const rung = new Promise<void>((resolve) => ring = resolve);
      const call = feedCall(options, cursor);
      const { answer } = await requests.json<FeedPage>({
        ...call,
        query: { ...call.query, limit: PAGE },
      });
      for (const event of answer.events) yield event;
      cursor = answer.next;
      if (answer.head) await Promise.race([rung, pause(LOOK_ANYWAY, options.signal)]);
    }
  } finally {
    await realtime.removeChannel(channel);
  }
}

async function* streamed(
  requests: Requests,
  options: SubscribeOptions,
  from: number,
): AsyncGenerator<StoredEvent, void, void> {
  let cursor = from;
  while (!options.signal?.aborted) {
    const response = await requests.send({
      ...feedCall(options, cursor),
      headers: { Accept: "text/event-stream" },
    });
    try {
      for await (const { id, data } of serverSentEvents(response)) {
        const number = Number(id);
        if (!(number > cursor)) continue;
        if (data !== "") yield JSON.parse(data);
        cursor = number;
      }
    } catch (error) {
      if (options.signal?.aborted) throw error;
      // The connection broke: the next one goes on after the last event.
      await pause(500, options.signal);
    }
  }
}

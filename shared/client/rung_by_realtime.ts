import type { StoredEvent } from "./event.ts";
import { pause, type Requests } from "./request.ts";
import { feedCall, type FeedPage, type SubscribeOptions, untilAnswered } from "./subscribe.ts";

/** The part of supabase-js that is used. */
export interface RealtimeClient {
  channel(topic: string, options: { config: { private: boolean } }): RealtimeChannel;
  // Generic, because supabase-js asks for its own class of channels back.
  removeChannel(channel: never): Promise<unknown>;
}

interface RealtimeChannel {
  on(type: "broadcast", filter: { event: string }, callback: () => void): RealtimeChannel;
  subscribe(callback?: (status: string) => void): unknown;
}

/** Milliseconds between two looks without a broadcast: broadcasts can be lost. */
const LOOK_ANYWAY = 5_000;
/** Milliseconds before the next look when an append under way hides what follows. */
const HIDDEN = 100;
const PAGE = 500;

/** Reads the feed each time a broadcast says that there is something, and now and then anyway. */
export async function* rungByRealtime(
  requests: Requests,
  options: SubscribeOptions,
  realtime: RealtimeClient,
  from: number,
): AsyncGenerator<StoredEvent, void, void> {
  const { signal, aggregate_type } = options;
  let ring = () => {};
  const topic = aggregate_type ? `events:${aggregate_type}` : "events";
  const channel = realtime.channel(topic, { config: { private: true } })
    .on("broadcast", { event: "*" }, () => ring());
  channel.subscribe(() => ring());
  let cursor = from;
  try {
    while (!signal?.aborted) {
      // Made before the look: a broadcast during it is not missed.
      const rung = new Promise<void>((resolve) => ring = resolve);
      const call = feedCall(options, cursor);
      const paged = { ...call, query: { ...call.query, limit: PAGE } };
      const { events, next, head } = await untilAnswered(
        () => requests.json<FeedPage>(paged),
        signal,
      );
      yield* events;
      if (head) await rungOrLater(rung, signal);
      else if (next === cursor) await pause(HIDDEN, signal);
      cursor = next;
    }
  } finally {
    await realtime.removeChannel(channel as never); // the channel it made itself
  }
}

async function rungOrLater(rung: Promise<void>, signal?: AbortSignal): Promise<void> {
  const later = new AbortController();
  const end = () => later.abort();
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  await Promise.race([rung, pause(LOOK_ANYWAY, later.signal)]);
  end();
  signal?.removeEventListener("abort", end);
}

import { Bell, type RealtimeClient } from "./bell.ts";
import type { StoredEvent } from "./event.ts";
import { pause, type Requests } from "./request.ts";
import {
  feedCall,
  type FeedPage,
  type Place,
  streamed,
  type SubscribeOptions,
  untilAnswered,
} from "./subscribe.ts";

/** Milliseconds between two looks without a broadcast: broadcasts can be lost. */
const LOOK_ANYWAY = 5_000;
/** Milliseconds that joining may take before the feed's own stream is followed meanwhile. */
const JOIN_WITHIN = 2_000;
/** Milliseconds before the next look when an append under way hides what follows. */
const HIDDEN = 100;
const PAGE = 500;

/**
 * Reads the feed each time a broadcast says that there is something, and now and then anyway. While
 * the channel is not joined it follows the feed's own stream.
 */
export async function* rungByRealtime(
  requests: Requests,
  options: SubscribeOptions,
  realtime: RealtimeClient,
  place: Place,
): AsyncGenerator<StoredEvent, void, void> {
  const { signal } = options;
  const bell = new Bell(realtime, options.aggregate_type);
  try {
    while (!signal?.aborted) {
      // Asked before the look: a broadcast during it is not missed.
      const rung = bell.next();
      const call = feedCall(options, place.cursor);
      const paged = { ...call, query: { ...call.query, limit: PAGE } };
      const { events, next, head } = await untilAnswered(
        () => requests.json<FeedPage>(paged),
        signal,
      );
      yield* events;
      const hidden = !head && next === place.cursor;
      place.cursor = next;
      if (hidden) await pause(HIDDEN, signal);
      if (!head) continue;
      await rungOrLater(rung, bell.joined.aborted ? LOOK_ANYWAY : JOIN_WITHIN, signal);
      if (!bell.joined.aborted) yield* untilJoined(requests, options, place, bell.joined);
    }
  } finally {
    await bell.close();
  }
}

/** The feed's own stream, until the channel is joined. */
async function* untilJoined(
  requests: Requests,
  options: SubscribeOptions,
  place: Place,
  joined: AbortSignal,
): AsyncGenerator<StoredEvent, void, void> {
  const signal = options.signal ? AbortSignal.any([options.signal, joined]) : joined;
  try {
    yield* streamed(requests, { ...options, signal }, place);
  } catch (error) {
    if (!joined.aborted || options.signal?.aborted) throw error;
  }
}

async function rungOrLater(
  rung: Promise<void>,
  milliseconds: number,
  signal?: AbortSignal,
): Promise<void> {
  const later = new AbortController();
  const end = () => later.abort();
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  await Promise.race([rung, pause(milliseconds, later.signal)]);
  end();
  signal?.removeEventListener("abort", end);
}

import { adminClient } from "../../shared/database/client.ts";
import type { StoredEvent } from "../../shared/events/envelope.ts";
import { type FeedFilter, type FeedPage, passes, readFeed } from "../../shared/events/feed.ts";
import { LiveFeed } from "../../shared/events/live_feed.ts";

/** Events per read while a follower catches up. */
const PAGE = 500;
const HEARTBEAT = 15_000;
/** Milliseconds after which a stream ends, inside the platform's 150 s of wall clock. */
const LIFETIME = 110_000;
/** Milliseconds before the next look while the database is away. */
const AWAY = 1_000;
/** Milliseconds a client waits before it connects again. */
const RECONNECT = 500;

const live = new LiveFeed((after) => readFeed(adminClient(), after, PAGE), pause);

/** A Server-Sent Events response that follows the feed after a cursor, until its lifetime is over. */
export function streamFeed(after: number | "now", filter: FeedFilter): Response {
  const abort = new AbortController();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      const heartbeat = setInterval(() => send(": heartbeat\n\n"), HEARTBEAT);
      const lifetime = setTimeout(() => abort.abort(), LIFETIME);
      send(`retry: ${RECONNECT}\n\n`);
      follow(after, filter, (text) => abort.signal.aborted || send(text), abort.signal)
        .catch(() => {}) // only "now" can fail, with the database away: the client comes again
        .finally(() => {
          clearInterval(heartbeat);
          clearTimeout(lifetime);
          if (!cancelled) controller.close();
        });
    },
    cancel() {
      cancelled = true;
      abort.abort();
    },
  });
  let cancelled = false;
  return new Response(body, {
    headers: {
      "Content-Type": "text/event-stream",
      "Cache-Control": "no-store",
      "X-Accel-Buffering": "no",
    },
  });
}

async function follow(
  after: number | "now",
  filter: FeedFilter,
  send: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const ended = new Promise<null>((resolve) => {
    signal.addEventListener("abort", () => resolve(null), { once: true });
  });
  let cursor = after === "now" ? await startingPoint() : after;
  if (after === "now") send(`id: ${cursor}\n\n`);
  let atHead = false;
  while (!signal.aborted) {
    const page: FeedPage | null = await Promise.race([nextPage(cursor, atHead, filter), ended]);
    if (!page) return;
    for (const event of page.events) send(message(event));
    const last = page.events.at(-1)?.event_number;
    // Without data nothing is dispatched, but the browser resumes from here.
    if (page.next > cursor && last !== page.next) send(`id: ${page.next}\n\n`);
    cursor = page.next;
    atHead = page.head;
  }
}

async function startingPoint(): Promise<number> {
  return (await readFeed(adminClient(), "now", 1)).next;
}

/** Reads for itself while behind, and waits with everybody else at the head. */
async function nextPage(cursor: number, atHead: boolean, filter: FeedFilter): Promise<FeedPage> {
  try {
    const news = atHead ? await live.after(cursor) : null;
    if (!news) return await readFeed(adminClient(), cursor, PAGE, filter);
    return { ...news, events: news.events.filter((event) => passes(event, filter)) };
  } catch {
    // The database is away. An EventSource that is refused never comes back, so the stream stays.
    await pause(AWAY);
    return { events: [], next: cursor, head: false };
  }
}

function message(event: StoredEvent): string {
  return `id: ${event.event_number}\ndata: ${JSON.stringify(event)}\n\n`;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

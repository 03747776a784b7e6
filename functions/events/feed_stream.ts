import { adminClient } from "../../shared/database/client.ts";
import type { StoredEvent } from "../../shared/events/envelope.ts";
import { type FeedFilter, type FeedPage, passes, readFeed } from "../../shared/events/feed.ts";
import { LiveFeed } from "../../shared/events/live_feed.ts";
import { ApplicationError } from "../../shared/errors.ts";
import { eventStream } from "../../shared/http/event_stream.ts";

/** Events per read while a follower catches up. */
const PAGE = 200;

/** Where a stream gets its events from. */
export interface FeedSource {
  read(after: number | "now", filter: FeedFilter): Promise<FeedPage>;
  readonly live: LiveFeed;
}

/** All in milliseconds. */
export interface StreamTiming {
  /** Between comments, so that nobody takes the connection for dead; each time rights are asked. */
  readonly heartbeat: number;
  /** After which a stream ends, inside the platform's 150 s of wall clock. */
  readonly lifetime: number;
  /** Before the next look while the database is away. */
  readonly away: number;
  /** Before the next look when an append under way hides what follows. */
  readonly hidden: number;
  /** That a client waits before it connects again. */
  readonly reconnect: number;
}

const usual: StreamTiming = {
  heartbeat: 5_000,
  lifetime: 110_000,
  away: 1_000,
  hidden: 50,
  reconnect: 500,
};

const database: FeedSource = {
  read: (after, filter) => readFeed(adminClient(), after, PAGE, filter),
  live: new LiveFeed((after) => readFeed(adminClient(), after, PAGE), pause),
};

/**
 * A Server-Sent Events response that follows the feed after a cursor, until its lifetime is over
 * or whoever opened it may not stay any more. It reads on only as fast as the client does.
 *
 * @throws ApplicationError `invalid_parameter` when there is no such place in the log
 */
export async function streamFeed(
  after: number | "now",
  filter: FeedFilter,
  mayStay: () => Promise<boolean>,
  source: FeedSource = database,
  timing: StreamTiming = usual,
): Promise<Response> {
  const first = await source.read(after, filter).catch((error) => {
    if (isRefusal(error)) throw error;
    return null; // the database is away; an EventSource that is refused never comes back
  });
  return eventStream(
    (ended) => blocks(after, filter, first, mayStay, source, timing, ended),
    timing.lifetime,
  );
}

/** What a follower is sent of a page of the feed. */
interface Piece {
  /** Null when the filter drops all of the page. */
  readonly text: Uint8Array<ArrayBuffer> | null;
  readonly next: number;
  readonly head: boolean;
}

/** The stream, piece by piece. */
async function* blocks(
  after: number | "now",
  filter: FeedFilter,
  first: FeedPage | null,
  mayStay: () => Promise<boolean>,
  source: FeedSource,
  timing: StreamTiming,
  ended: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const endOr = (milliseconds: number) =>
    AbortSignal.any([ended, AbortSignal.timeout(milliseconds)]);
  yield encoded(`retry: ${timing.reconnect}\n\n`);
  if (after === "now" && !first) return; // without a place to begin at: the client comes again
  if (after === "now" && first) yield encoded(place(first.next));
  let cursor = after === "now" ? first?.next ?? 0 : after;
  let told = cursor;
  let piece = pieceOf(first ?? { events: [], next: cursor, head: false });
  let beat = endOr(timing.heartbeat);
  const selection: Selection = { filter, name: JSON.stringify(filter) };
  while (!ended.aborted) {
    if (piece.text) {
      yield piece.text;
      told = piece.next;
    }
    cursor = piece.next;
    const next = await nextPiece(cursor, piece.head, selection, source, timing, beat);
    if (!next) return;
    piece = next;
    if (!beat.aborted) continue;
    if (!await mayStay()) return;
    yield encoded((cursor > told ? place(cursor) : "") + ": heartbeat\n\n");
    told = cursor;
    beat = endOr(timing.heartbeat);
  }
}

/** A filter, and a name that equal ones share. */
interface Selection {
  readonly filter: FeedFilter;
  readonly name: string;
}

/** Reads for itself while behind, and waits with everybody else at the head; null = no such place. */
async function nextPiece(
  cursor: number,
  atHead: boolean,
  selection: Selection,
  source: FeedSource,
  timing: StreamTiming,
  signal: AbortSignal,
): Promise<Piece | null> {
  const { filter } = selection;
  try {
    const news = atHead ? await source.live.after(cursor, signal, filter.aggregate_id) : null;
    if (news) return sharedPiece(news, selection);
    const page = await source.read(cursor, filter);
    if (page.next === cursor) await pause(timing.hidden);
    return pieceOf(page);
  } catch (error) {
    if (isRefusal(error)) return null; // the client is told when it connects again
    await pause(timing.away);
    return { text: null, next: cursor, head: false };
  }
}

/** What those who wait at the head are sent of news, by the name of their selection: made once for all. */
const shared = new WeakMap<FeedPage, Map<string, Piece>>();

function sharedPiece(news: FeedPage, { filter, name }: Selection): Piece {
  const pieces = shared.get(news) ?? new Map<string, Piece>();
  shared.set(news, pieces);
  const piece = pieces.get(name) ??
    pieceOf({ ...news, events: news.events.filter((event) => passes(event, filter)) });
  pieces.set(name, piece);
  return piece;
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApplicationError && error.status < 500;
}

const encoder = new TextEncoder();

function encoded(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

function pieceOf({ events, next, head }: FeedPage): Piece {
  if (events.length === 0) return { text: null, next, head };
  const last = events.at(-1)?.event_number;
  const text = events.map(message).join("") + (last === next ? "" : place(next));
  return { text: encoded(text), next, head };
}

/** Without data nothing is dispatched, but the browser resumes from the id. */
function place(cursor: number): string {
  return `id: ${cursor}\n\n`;
}

/** Text of events that followers of different selections share. */
const messages = new WeakMap<StoredEvent, string>();

function message(event: StoredEvent): string {
  const text = messages.get(event) ??
    `id: ${event.event_number}\ndata: ${JSON.stringify(event)}\n\n`;
  messages.set(event, text);
  return text;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

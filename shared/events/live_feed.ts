import { unlessAborted } from "./unless_aborted.ts";
import type { StoredEvent } from "./envelope.ts";
import type { FeedPage } from "./feed.ts";

/** Milliseconds between two looks at the head: short after news, ever longer without. */
const SHORTEST_PAUSE = 50;
const LONGEST_PAUSE = 1_000;
/** Milliseconds by which each follower lengthens a pause: a crowd hears more at a time, less often. */
const PER_FOLLOWER = 0.25;
/** Events kept for followers that are a little behind. */
const KEPT = 1_000;

/** Followers who wait for the same. */
interface Group {
  readonly news: PromiseWithResolvers<FeedPage>;
  followers: number;
  /** What they were told, also those whose signal aborted at that moment. */
  told?: FeedPage;
}

/** The group of those who wait for whatever comes. */
const ANYTHING = "";

/**
 * The head of the feed, read once for all followers in this isolate. It looks only while somebody
 * waits, so no follower costs nothing, and a thousand cost as much as one. Who follows one
 * aggregate is woken by its events alone.
 */
export class LiveFeed {
  #events: readonly StoredEvent[] = [];
  /** The kept events are all there are after `#from`, up to `#position`. */
  #from = 0;
  #position = 0;
  #groups = new Map<string, Group>();
  #waiting = 0;
  #looking = false;

  constructor(
    private readonly read: (after: number) => Promise<FeedPage>,
    private readonly pause: (milliseconds: number) => Promise<void>,
  ) {}

  /**
   * The events after a cursor, as soon as there are some; none once the signal aborts. With an
   * aggregate, as soon as there are some of it, and others with them. All who waited at the same
   * place get the same object. Null when the follower is too far behind for this to know: it must
   * read for itself and come again.
   *
   * @throws whatever the reading throws, to all who wait
   */
  async after(
    cursor: number,
    signal: AbortSignal,
    aggregateId: string = ANYTHING,
  ): Promise<FeedPage | null> {
    if (!this.#looking && cursor > this.#position) this.#startAt(cursor);
    while (cursor >= this.#position) {
      const news = await this.#wait(aggregateId, signal);
      // Whatever came meanwhile was about other aggregates.
      if (!news) return { events: [], next: Math.max(cursor, this.#position), head: true };
      if (news.next > cursor) return isAfter(news, cursor) ? news : this.#since(cursor);
    }
    return cursor < this.#from ? null : this.#since(cursor);
  }

  #since(cursor: number): FeedPage {
    // Most followers lack only the newest: from the end it is near.
    const known = this.#events.findLastIndex(({ event_number }) => event_number <= cursor);
    return { events: this.#events.slice(known + 1), next: this.#position, head: true };
  }

  #startAt(cursor: number): void {
    this.#events = [];
    this.#from = this.#position = cursor;
  }

  async #wait(about: string, signal: AbortSignal): Promise<FeedPage | undefined> {
    const group: Group = this.#groups.get(about) ?? { news: Promise.withResolvers(), followers: 0 };
    this.#groups.set(about, group);
    group.followers += 1;
    this.#waiting += 1;
    try {
      if (!this.#looking) this.#look();
      return await unlessAborted(group.news.promise, signal) ?? group.told;
    } finally {
      group.followers -= 1;
      this.#waiting -= 1;
      if (group.followers === 0 && this.#groups.get(about) === group) this.#groups.delete(about);
    }
  }

  async #look(): Promise<void> {
    this.#looking = true;
    let pause = SHORTEST_PAUSE;
    try {
      while (this.#waiting > 0) {
        const before = this.#position;
        const page = await this.read(before);
        const crowded = Math.min(this.#waiting * PER_FOLLOWER, LONGEST_PAUSE);
        if (page.next > before) this.#tell(page);
        pause = page.events.length > 0 ? SHORTEST_PAUSE : Math.min(pause * 1.5, LONGEST_PAUSE);
        if (page.head || page.next === before) await this.pause(Math.max(pause, crowded));
      }
    } catch (error) {
      const groups = [...this.#groups.values()];
      this.#groups.clear();
      for (const { news } of groups) {
        news.promise.catch(() => {}); // perhaps nobody waits any more
        news.reject(error);
      }
      this.#startAt(0); // perhaps the log is another one now: who comes next says where to begin
    } finally {
      this.#looking = false;
    }
  }

  #tell({ events, next }: FeedPage): void {
    this.#events = [...this.#events, ...events];
    const surplus = this.#events.length - KEPT;
    if (surplus > 0) {
      this.#from = this.#events[surplus - 1]?.event_number ?? this.#from;
      this.#events = this.#events.slice(surplus);
    }
    this.#position = next;
    const news = { events, next, head: true };
    for (const about of new Set([ANYTHING, ...events.map((event) => event.aggregate_id)])) {
      const group = this.#groups.get(about);
      if (!group) continue;
      this.#groups.delete(about);
      group.told = news;
      group.news.resolve(news);
    }
  }
}

function isAfter({ events }: FeedPage, cursor: number): boolean {
  return (events[0]?.event_number ?? Infinity) > cursor;
}

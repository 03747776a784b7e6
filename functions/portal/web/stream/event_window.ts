import type { EventClient, RealtimeClient, StoredEvent } from "../../../../shared/client/mod.ts";
import { isRefusal } from "../queries.ts";
import type { Api } from "../session/api.ts";
import { type EventPage, EventPages } from "./event_pages.ts";
import { type Filters, followsProcessing } from "./filters.ts";
import { matches } from "./matches.ts";

/** What the list shows. */
export interface Shown {
  readonly pages: EventPages;
  /** Newer ones that came while the list stood still. */
  readonly waiting: number;
  readonly state: "loading" | "ready" | "failed";
  readonly error: unknown;
  /** Whether there are older ones to load. */
  readonly more: boolean;
}

interface Answer {
  events: StoredEvent[];
  next: number | null;
}

/** Events asked for at a time. */
const PAGE = 200;
/** Rows kept while new events come, and events that wait: memory stays flat all day. */
const KEPT = 1_000;
/** Rows loaded ahead of those in sight, and rows from them where pages are let go. */
const NEAR = 100;
const FAR = 1_000;
/** Milliseconds in which new events are gathered: the list is not drawn for each of many. */
const GATHER = 100;
/** Milliseconds between two looks at what is not told: marks of processing, and customers' events. */
const LOOK = 2_000;

/** The newest stretch of the log. It grows at both ends, and is loaded only around what is looked at. */
export class EventWindow {
  #shown: Shown = {
    pages: EventPages.none,
    waiting: 0,
    state: "loading",
    error: null,
    more: false,
  };
  #next: number | null = null;
  #sight = { from: 0, to: 0 };
  #still = false;
  #filling = false;
  #arrived: StoredEvent[] = [];
  #gathering: ReturnType<typeof setTimeout> | undefined;
  /** Those that wait; null when they are too many to keep, and only counted. */
  #held: EventPages | null = EventPages.none;
  /** The newest that was counted. */
  #counted = 0;
  #listeners = new Set<() => void>();
  #end = new AbortController();
  #stop = (): void => {};

  constructor(
    readonly api: Api,
    readonly filters: Filters,
    /** Null for those who may not follow the feed: they look now and then. */
    readonly feed: { client: EventClient; realtime: RealtimeClient } | null,
  ) {}

  shown = (): Shown => this.#shown;

  listen = (listener: () => void): () => void => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Loads the newest and follows from there, until the returned function is called. */
  start = (): () => void => {
    this.#stop();
    let ended = false;
    const run = async (): Promise<void> => {
      while (!ended) {
        const { signal } = this.#end = new AbortController();
        try {
          await this.#run(signal);
        } catch (error) {
          if (ended) return;
          this.#end.abort();
          // What is shown already stays, unless the person may not see it any more.
          const lost = isRefusal(error) || this.#shown.state !== "ready";
          this.#set(lost ? { state: "failed", error } : { error });
          if (isRefusal(error)) return;
        }
        await pause(LOOK); // then it may be back
      }
    };
    run();
    return this.#stop = () => {
      if (!ended) this.#end.abort();
      ended = true;
    };
  };

  /** While still, new events wait to be shown. */
  stand(still: boolean): void {
    this.#still = still;
    if (!still) this.release();
  }

  /** Shows what waits. */
  release(): void {
    if (this.#held === null) return void this.#reload().catch((error) => this.#set({ error }));
    const waiting = this.#held.events();
    this.#held = EventPages.none;
    if (waiting.length > 0) this.#show(waiting);
  }

  /** Told which rows are in sight: loads what is missing there, and lets go of what is far. */
  look(from: number, to: number): void {
    this.#sight = { from, to };
    const pages = this.#shown.pages.around(from - FAR, to + FAR);
    if (pages !== this.#shown.pages) this.#set({ pages });
    if (!this.#filling) this.#fill(this.#end.signal);
  }

  async #fill(signal: AbortSignal): Promise<void> {
    this.#filling = true;
    while (!signal.aborted) {
      const { from, to } = this.#sight;
      const { pages } = this.#shown;
      const missing = pages.missing(from - NEAR, to + NEAR);
      const needsMore = this.#next !== null && to + NEAR >= pages.length;
      if (!missing && !needsMore) break;
      await (missing ? this.#loadAgain(missing) : this.#loadMore()).catch(() => pause(LOOK));
    }
    this.#filling = false;
  }

  async #loadAgain(missing: EventPage): Promise<void> {
    const { length, first } = missing;
    // A few more than it had: one may have been committed meanwhile.
    const { events } = await this.#ask({ cursor: first + 1, limit: length + 20 });
    this.#set({ pages: this.#shown.pages.loaded(missing, events) });
  }

  async #loadMore(): Promise<void> {
    const cursor = this.#next;
    if (cursor === null) return;
    const { events, next } = await this.#ask({ cursor, limit: PAGE });
    if (this.#next !== cursor) return; // the list has been shortened meanwhile
    this.#next = next;
    this.#set({ pages: this.#shown.pages.followedBy(events), more: next !== null });
  }

  async #run(signal: AbortSignal): Promise<void> {
    const [head] = await Promise.all([this.#head(signal), this.#latest()]);
    // What was appended between the page and the head is in neither.
    if (head > (this.#shown.pages.pages[0]?.first ?? 0)) await this.#latest();
    const looking = this.#watch(signal);
    if (this.feed && !followsProcessing(this.filters)) {
      const { client, realtime } = this.feed;
      for await (const event of client.subscribe({ after: head, realtime, signal })) {
        if (matches(event, this.filters)) this.#gather(event);
      }
    }
    await looking;
  }

  /** Where the feed is followed from. */
  async #head(signal: AbortSignal): Promise<number> {
    if (!this.feed) return 0;
    return (await this.api.get<{ next: number }>("events/feed", { after: "now" }, signal)).next;
  }

  /** Brings the newest; what is looked at stays where it is. */
  async #latest(): Promise<void> {
    const { pages, state } = this.#shown;
    if (state !== "ready" || pages.length === 0) return await this.#reload();
    const page = await this.#ask({ limit: PAGE });
    const known = pages.pages[0]?.first ?? 0;
    const joined = page.next === null || (page.events.at(-1)?.event_number ?? 0) <= known;
    if (!joined && !this.#still) return this.#begin(page);
    if (!joined) this.#held = null; // there are more than these: they are loaded when one asks
    this.#merge(page, true);
    this.#set({ error: null });
    this.look(this.#sight.from, this.#sight.to);
  }

  async #reload(): Promise<void> {
    this.#begin(await this.#ask({ limit: PAGE }));
  }

  #begin({ events, next }: Answer): void {
    this.#held = EventPages.none;
    this.#next = next;
    const pages = EventPages.none.followedBy(events);
    this.#set({ pages, waiting: 0, state: "ready", more: next !== null, error: null });
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const polls = this.feed === null || followsProcessing(this.filters);
    while (!signal.aborted) {
      await pause(LOOK);
      if (signal.aborted || document.hidden) continue;
      const open = this.#openRows();
      if (!polls && open === 0) continue;
      const limit = Math.max(PAGE, open);
      const page = await this.#ask({ limit }).catch(() => null); // the next look may succeed
      if (page && !signal.aborted) this.#merge(page, polls);
    }
  }

  /** How many of the newest rows one has to ask for, to learn of all that are not processed yet. */
  #openRows(): number {
    if (!this.#shown.pages.at(0)) return 0;
    const oldest = this.#shown.pages.events().slice(0, KEPT).findLastIndex((one) => !one.processed);
    return oldest === -1 ? 0 : Math.min(oldest + PAGE, KEPT); // and of those that come meanwhile
  }

  #merge(page: Answer, polls: boolean): void {
    const now = new Map(page.events.map((event) => [event.id, event]));
    const oldest = page.events.at(-1)?.event_number ?? 0;
    const goes = (event: StoredEvent) =>
      followsProcessing(this.filters) && !now.has(event.id) &&
      (page.next === null || event.event_number >= oldest);
    const pages = this.#shown.pages
      .map((event) => goes(event) ? null : now.get(event.id) ?? event);
    this.#set({ pages });
    if (polls) this.#arrive(page.events);
  }

  #gather(event: StoredEvent): void {
    this.#arrived.push(event);
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      this.#arrive(this.#arrived.splice(0));
    }, GATHER);
  }

  #arrive(events: readonly StoredEvent[]): void {
    const { pages } = this.#shown;
    const oldest = this.#next === null ? 0 : pages.pages.at(-1)?.last ?? 0; // older ones load later
    const fresh = events.filter((one) => one.event_number > oldest && !pages.has(one));
    if (fresh.length === 0) return;
    if (!this.#still) return this.#show(fresh);
    const counted = this.#counted;
    this.#counted = Math.max(counted, ...fresh.map(({ event_number }) => event_number));
    const held = this.#held?.with(fresh) ?? null;
    const more = held && this.#held
      ? held.length - this.#held.length
      : fresh.filter(({ event_number }) => event_number > counted).length;
    this.#held = held && held.length <= KEPT ? held : null;
    if (more > 0) this.#set({ waiting: this.#shown.waiting + more });
  }

  #show(events: readonly StoredEvent[]): void {
    const all = this.#shown.pages.with(events);
    const pages = all.newest(KEPT);
    if (pages !== all) this.#next = pages.pages.at(-1)?.last ?? null;
    this.#set({ pages, waiting: 0, more: this.#next !== null });
  }

  #ask(place: { cursor?: number; limit: number }): Promise<Answer> {
    return this.api.get<Answer>("events", { ...this.filters, ...place }, this.#end.signal);
  }

  #set(change: Partial<Shown>): void {
    this.#shown = { ...this.#shown, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

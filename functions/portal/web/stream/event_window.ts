import type { EventClient, RealtimeClient, StoredEvent } from "../../../../shared/client/mod.ts";
import type { Api } from "../session/api.ts";
import { type Filters, followsProcessing } from "./filters.ts";
import { matches } from "./matches.ts";

/** What the list shows. */
export interface Shown {
  /** Newest first. */
  readonly events: readonly StoredEvent[];
  /** Newer ones that came while the list stood still. */
  readonly waiting: number;
  readonly state: "loading" | "ready" | "failed";
  readonly error: unknown;
  /** Whether there are older ones to load. */
  readonly more: boolean;
  readonly loadingMore: boolean;
}

interface Page {
  events: StoredEvent[];
  next: number | null;
}

const PAGE = 200;
/** Events kept while new ones come and nobody scrolls: memory stays flat. */
const KEPT = 1_000;
/** Milliseconds between two looks at what is not told: marks of processing, and customers' events. */
const LOOK = 2_000;

/** A stretch of the log, newest first, that grows at both ends. */
export class EventWindow {
  #shown: Shown = {
    events: [],
    waiting: 0,
    state: "loading",
    error: null,
    more: false,
    loadingMore: false,
  };
  #held: StoredEvent[] = [];
  #overflow = false;
  #next: number | null = null;
  #known = new Set<string>();
  #still = false;
  #listeners = new Set<() => void>();
  #end = new AbortController();

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
    const end = this.#end = new AbortController();
    this.#run(end.signal).catch((error) => {
      if (!end.signal.aborted) this.#set({ state: "failed", error });
    });
    return () => end.abort();
  };

  /** While still, new events wait to be shown. */
  stand(still: boolean): void {
    this.#still = still;
    if (!still) this.release();
  }

  /** Shows what waits. */
  release(): void {
    if (this.#overflow) return void this.#reload();
    const events = [...this.#held.splice(0), ...this.#shown.events];
    this.#trim(events);
    this.#set({ events, waiting: 0 });
  }

  async loadMore(): Promise<void> {
    if (this.#next === null || this.#shown.loadingMore) return;
    this.#set({ loadingMore: true });
    try {
      const page = await this.#page({ cursor: this.#next });
      this.#next = page.next;
      const events = [...this.#shown.events, ...this.#fresh(page.events)];
      this.#set({ events, more: page.next !== null, loadingMore: false });
    } catch (error) {
      if (!this.#end.signal.aborted) this.#set({ loadingMore: false, error });
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    // The head comes first: what is appended while the page is read is not missed.
    const head = this.feed
      ? (await this.api.get<{ next: number }>("events/feed", { after: "now" }, signal)).next
      : 0;
    await this.#reload();
    const looking = this.#look(signal);
    if (this.feed && !followsProcessing(this.filters)) {
      const { client, realtime } = this.feed;
      for await (const event of client.subscribe({ after: head, realtime, signal })) {
        if (matches(event, this.filters)) this.#arrive([event]);
      }
    }
    await looking;
  }

  async #reload(): Promise<void> {
    const page = await this.#page({});
    this.#known.clear();
    this.#held = [];
    this.#overflow = false;
    this.#next = page.next;
    this.#set({
      events: this.#fresh(page.events),
      waiting: 0,
      state: "ready",
      more: page.next !== null,
      error: null,
    });
  }

  async #look(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, LOOK));
      if (signal.aborted || document.hidden) continue;
      const polls = this.feed === null || followsProcessing(this.filters);
      const open = this.#shown.events.slice(0, PAGE).some((event) => !event.processed);
      if (!polls && !open) continue;
      const page = await this.#page({}).catch(() => null); // the next look may succeed
      if (page && !signal.aborted) this.#merge(page, polls);
    }
  }

  #merge(page: Page, polls: boolean): void {
    const now = new Map(page.events.map((event) => [event.id, event]));
    const oldest = page.events.at(-1)?.event_number ?? 0;
    const stays = (event: StoredEvent) =>
      now.has(event.id) || !followsProcessing(this.filters) ||
      (page.next !== null && event.event_number < oldest);
    const events = this.#shown.events.filter(stays).map((event) => now.get(event.id) ?? event);
    this.#set({ events });
    if (polls) this.#arrive(page.events.toReversed());
  }

  /** Oldest first. */
  #arrive(events: readonly StoredEvent[]): void {
    const fresh = this.#fresh(events).toReversed();
    if (fresh.length === 0) return;
    if (!this.#still) {
      const all = [...fresh, ...this.#shown.events];
      this.#trim(all);
      return this.#set({ events: all });
    }
    this.#held = [...fresh, ...this.#held];
    const waiting = this.#shown.waiting + fresh.length;
    this.#overflow ||= this.#held.length > KEPT;
    this.#held.length = Math.min(this.#held.length, KEPT);
    this.#set({ waiting });
  }

  #trim(events: StoredEvent[]): void {
    if (events.length <= KEPT) return;
    for (const event of events.splice(KEPT)) this.#known.delete(event.id);
    this.#next = events.at(-1)?.event_number ?? null;
    this.#set({ more: true });
  }

  #fresh(events: readonly StoredEvent[]): StoredEvent[] {
    const fresh = events.filter(({ id }) => !this.#known.has(id));
    for (const { id } of fresh) this.#known.add(id);
    return fresh;
  }

  #page(place: { cursor?: number }): Promise<Page> {
    const query = { ...this.filters, limit: PAGE, ...place };
    return this.api.get<Page>("events", query, this.#end.signal);
  }

  #set(change: Partial<Shown>): void {
    this.#shown = { ...this.#shown, ...change };
    for (const listener of this.#listeners) listener();
  }
}

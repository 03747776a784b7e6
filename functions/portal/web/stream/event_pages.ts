import type { StoredEvent } from "../../../../shared/client/mod.ts";

/** Events in a row, newest first; null while they are not loaded, then only their place is known. */
export interface EventPage {
  /** Numbers of the newest and of the oldest. */
  readonly first: number;
  readonly last: number;
  /** How many rows it takes. */
  readonly length: number;
  readonly events: readonly StoredEvent[] | null;
}

/** Rows of the largest page. */
const PAGE = 200;

/** A stretch of the log, newest first, of which some pages are loaded. Changes make a new one. */
export class EventPages {
  static readonly none = new EventPages([]);
  readonly length: number;
  #starts: number[] = [];

  constructor(readonly pages: readonly EventPage[]) {
    let length = 0;
    for (const page of pages) {
      this.#starts.push(length);
      length += page.length;
    }
    this.length = length;
  }

  /** The event in a row; undefined when it is not loaded. */
  at(row: number): StoredEvent | undefined {
    const index = this.#pageAt(row);
    return this.pages[index]?.events?.[row - (this.#starts[index] ?? 0)];
  }

  /** The row of an event, or the first of its page when that is not loaded; -1 for none. */
  rowOf(number: number): number {
    const index = this.pages.findIndex(({ first, last }) => last <= number && number <= first);
    const row = this.pages[index]?.events?.findIndex((one) => one.event_number === number) ?? 0;
    return index === -1 || row === -1 ? -1 : (this.#starts[index] ?? 0) + row;
  }

  /** The number of the event in a row, or that of the first of its page; null without one. */
  numberAt(row: number): number | null {
    return this.at(row)?.event_number ?? this.pages[this.#pageAt(row)]?.first ?? null;
  }

  /** What is loaded. */
  events(): StoredEvent[] {
    return this.pages.flatMap(({ events }) => events ?? []);
  }

  has({ event_number }: StoredEvent): boolean {
    return this.pages.some(({ first, last, events }) =>
      last <= event_number && event_number <= first &&
      (!events || events.some((one) => one.event_number === event_number))
    );
  }

  /** With events at their places by number. What is there, or in a page not loaded, is left out. */
  with(added: readonly StoredEvent[]): EventPages {
    const fresh = [...new Map(added.map((event) => [event.event_number, event])).values()]
      .filter((event) => !this.has(event))
      .sort((a, b) => b.event_number - a.event_number);
    const top = this.pages[0]?.first ?? -1;
    const newer = fresh.filter(({ event_number }) => event_number > top);
    const inner = fresh.slice(newer.length)
      .reduce<EventPages>((pages, event) => pages.#insert(event), this);
    const [head, ...rest] = inner.pages;
    if (newer.length === 0) return inner;
    if (head?.events && head.length + newer.length <= PAGE) {
      return new EventPages([page([...newer, ...head.events]), ...rest]);
    }
    const pages: EventPage[] = [];
    for (let i = 0; i < newer.length; i += PAGE) pages.push(page(newer.slice(i, i + PAGE)));
    return new EventPages([...pages, ...inner.pages]);
  }

  /** With a page of older events below. */
  followedBy(events: readonly StoredEvent[]): EventPages {
    const oldest = this.pages.at(-1)?.last ?? Infinity;
    const older = events.filter(({ event_number }) => event_number < oldest);
    return older.length === 0 ? this : new EventPages([...this.pages, page(older)]);
  }

  /** With every loaded event replaced by what `change` makes of it; null takes it out. */
  map(change: (event: StoredEvent) => StoredEvent | null): EventPages {
    return new EventPages(this.pages.flatMap((one) => {
      if (!one.events) return one;
      const events = one.events.flatMap((event) => change(event) ?? []);
      return events.length === 0 ? [] : page(events);
    }));
  }

  /** Without the oldest pages that the first `rows` rows do not need. */
  newest(rows: number): EventPages {
    const kept = this.pages.filter((_, index) => (this.#starts[index] ?? 0) < rows);
    return kept.length === this.pages.length ? this : new EventPages(kept);
  }

  /** With only the pages loaded that have to do with rows `from` to `to`. */
  around(from: number, to: number): EventPages {
    const goes = (one: EventPage, index: number) => one.events && !this.#touches(index, from, to);
    if (!this.pages.some(goes)) return this;
    return new EventPages(
      this.pages.map((one, index) => goes(one, index) ? { ...one, events: null } : one),
    );
  }

  /** A page that has to do with rows `from` to `to` and is not loaded. */
  missing(from: number, to: number): EventPage | undefined {
    return this.pages.find((one, index) => !one.events && this.#touches(index, from, to));
  }

  /** With a page loaded again; as it is when the page is not one of these any more. */
  loaded(missing: EventPage, events: readonly StoredEvent[]): EventPages {
    const own = events.filter(({ event_number }) =>
      missing.last <= event_number && event_number <= missing.first
    );
    return new EventPages(
      this.pages.flatMap((one) => one !== missing ? one : own.length > 0 ? page(own) : []),
    );
  }

  #insert(event: StoredEvent): EventPages {
    const number = event.event_number;
    const below = this.pages.findIndex(({ last }) => last <= number);
    const place = below === -1 ? this.pages.length - 1 : below;
    return new EventPages(this.pages.map((one, index) => {
      if (index !== place || !one.events) return one;
      return page([...one.events, event].sort((a, b) => b.event_number - a.event_number));
    }));
  }

  #pageAt(row: number): number {
    let low = 0;
    let high = this.pages.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #touches(index: number, from: number, to: number): boolean {
    const start = this.#starts[index] ?? 0;
    return start <= to && start + (this.pages[index]?.length ?? 0) > from;
  }
}

function page(events: readonly StoredEvent[]): EventPage {
  const first = events[0]?.event_number ?? 0;
  const last = events.at(-1)?.event_number ?? first;
  return { first, last, length: events.length, events };
}

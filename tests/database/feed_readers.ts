/** Ways to follow the log by event_number: one that loses events, and two that do not. All run as the role postgres. */
import type { ISql } from "postgres";

abstract class FeedReader {
  /** Everything delivered so far, in the order of delivery. */
  readonly delivered: number[] = [];

  protected get cursor(): number {
    return this.delivered.at(-1) ?? 0;
  }

  /** Delivers what there is to deliver. */
  abstract poll(sql: ISql): Promise<void>;

  /** The numbers after the cursor, as far as a snapshot shows them now. */
  protected async look(sql: ISql): Promise<number[]> {
    const rows = await sql<{ number: string }[]>`
      select event_number as number from public.events where event_number > ${this.cursor} order by 1`;
    return rows.map(({ number }) => Number(number));
  }

  /** Those of `numbers` that follow the cursor without a gap. */
  protected unbroken(numbers: readonly number[]): number[] {
    const { cursor } = this;
    return numbers.filter((number, i) => number === cursor + 1 + i);
  }
}

/** `event_number > cursor`: skips whatever commits later under a smaller number. */
export class NaiveReader extends FeedReader {
  async poll(sql: ISql): Promise<void> {
    this.delivered.push(...await this.look(sql));
  }
}

/**
 * At a gap it asks whether any append is in flight. If none is, the gap can no longer be filled, and one more look shows
 * what was stored up to the last number of the first look. If one is, only what comes before the gap is delivered.
 */
export class GapSafeReader extends FeedReader {
  /** `meanwhile` runs between the question and the second look. */
  async poll(sql: ISql, meanwhile: () => Promise<void> = async () => {}): Promise<void> {
    const seen = await this.look(sql);
    const before = this.unbroken(seen);
    if (before.length === seen.length || await appendsInFlight(sql)) {
      this.delivered.push(...before);
      return;
    }
    await meanwhile();
    const settled = seen.at(-1) ?? 0;
    // Appends may have begun since the first look: numbers beyond it are not settled.
    this.delivered.push(...(await this.look(sql)).filter((number) => number <= settled));
  }
}

/** What the feed endpoint, its streams and the subscriptions follow the log by. */
export class FeedFollower extends FeedReader {
  #next: number;

  constructor(after = 0) {
    super();
    this.#next = after;
  }

  async poll(sql: ISql): Promise<void> {
    const [row] = await sql<{ page: { events: { event_number: number }[]; next: number } }[]>`
      select public.read_feed(${this.#next}, 1000) as page`;
    if (!row) throw new Error("read_feed returned no row");
    this.delivered.push(...row.page.events.map((event) => event.event_number));
    this.#next = row.page.next;
  }
}

export async function appendsInFlight(sql: ISql): Promise<boolean> {
  const [row] = await sql<{ answer: boolean }[]>`select private.appends_in_flight() as answer`;
  return row?.answer ?? false;
}

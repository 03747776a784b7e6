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

/**
 * At a gap it notes which appends are in flight, and passes the gap when those have ended. Appends that began later
 * cannot fill it, so that a steady stream of them does not hold this reader up.
 */
export class SettlingReader extends FeedReader {
  #gap: { settled: number; waitingFor: string[] } | null = null;

  async poll(sql: ISql): Promise<void> {
    if (this.#gap) {
      const running = await appendsRunning(sql);
      if (!this.#gap.waitingFor.some((append) => running.includes(append))) {
        const { settled } = this.#gap;
        this.#gap = null;
        this.delivered.push(...(await this.look(sql)).filter((number) => number <= settled));
      }
      return;
    }
    const seen = await this.look(sql);
    const before = this.unbroken(seen);
    if (before.length < seen.length) {
      this.#gap = { settled: seen.at(-1) ?? 0, waitingFor: await appendsRunning(sql) };
    }
    this.delivered.push(...before);
  }
}

export async function appendsInFlight(sql: ISql): Promise<boolean> {
  const [row] = await sql<{ answer: boolean }[]>`select private.appends_in_flight() as answer`;
  return row?.answer ?? false;
}

/** The transactions that hold the lock an append announces itself with. */
async function appendsRunning(sql: ISql): Promise<string[]> {
  const rows = await sql<{ append: string }[]>`
    select virtualtransaction as append from pg_locks
    where locktype = 'advisory' and classid = 1163284301 and objid = 1 and objsubid = 2 and granted`;
  return rows.map(({ append }) => append);
}

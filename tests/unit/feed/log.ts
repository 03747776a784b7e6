/** A log in memory that counts who reads it, and what a stream needs to run fast. */
import type { StoredEvent } from "../../../shared/events/envelope.ts";
import { type FeedFilter, type FeedPage, passes } from "../../../shared/events/feed.ts";
import { LiveFeed } from "../../../shared/events/live_feed.ts";
import type { FeedSource, StreamTiming } from "../../../functions/events/feed_stream.ts";
import { ApplicationError } from "../../../shared/errors.ts";

export const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

export class Log implements FeedSource {
  events: StoredEvent[] = [];
  reads = 0;
  /** Thrown by the next reads, while it is set. */
  trouble: Error | null = null;
  readonly live: LiveFeed;

  constructor(private readonly page = 10) {
    this.live = new LiveFeed((after) => this.read(after), (ms) => pause(ms / 10));
  }

  append(event_type = "product.created", count = 1, aggregate_id = "any"): void {
    for (let i = 0; i < count; i++) {
      const event_number = this.events.length + 1;
      // Only what a stream reads.
      const event = { event_number, event_type, aggregate_type: "product", aggregate_id };
      this.events.push(event as StoredEvent);
    }
  }

  async read(after: number | "now", filter: FeedFilter = {}): Promise<FeedPage> {
    this.reads += 1;
    await pause(0);
    if (this.trouble) throw this.trouble;
    const last = this.events.length;
    if (after === "now") return { events: [], next: last, head: true };
    if (after > last) throw new ApplicationError("invalid_parameter", "There is no such event.");
    const page = this.events.slice(after, after + this.page);
    const next = page.at(-1)?.event_number ?? after;
    return { events: page.filter((event) => passes(event, filter)), next, head: next === last };
  }
}

export const fast: StreamTiming = {
  heartbeat: 60,
  lifetime: 1000,
  away: 20,
  hidden: 5,
  reconnect: 500,
};

/** Reads a stream to its end, or until `enough` is in it. */
export async function readText(response: Response, enough?: string): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
    text += piece.value;
    if (enough !== undefined && text.includes(enough)) break;
  }
  await reader?.cancel();
  return text;
}

/** The event numbers that have data, in order. */
export function dispatched(text: string): number[] {
  return text.split("\n\n").filter((block) => block.includes("data:"))
    .map((block) => Number(/^id: (\d+)/.exec(block)?.[1]));
}

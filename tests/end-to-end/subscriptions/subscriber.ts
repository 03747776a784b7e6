/** A webhook of a subscriber that can fail in every way, and remembers everything. */
import { assert, assertEquals } from "@std/assert";
import type { StoredEvent } from "../../../shared/events/envelope.ts";

/** One call of the webhook. */
export interface Received {
  event: StoredEvent;
  body: string;
  headers: Record<string, string>;
  /** What it answered; "hung" when it never did in time. */
  answered: number | "hung";
}

/** What to answer to a call, the first being number 1. */
export type Behaviour = (event: StoredEvent, call: number) => number | "hang";

export const takesAll: Behaviour = () => 200;

export class Subscriber implements AsyncDisposable {
  readonly calls: Received[] = [];
  behaviour: Behaviour;
  /** Milliseconds before it answers. */
  slowness = 0;
  /** Calls that hang, and whose caller still waits. */
  inTheAir = 0;
  #server: Deno.HttpServer<Deno.NetAddr> | undefined;
  #hanging = new Set<() => void>();
  readonly url: string;
  #port: number;

  constructor(behaviour: Behaviour = takesAll) {
    this.behaviour = behaviour;
    this.#server = this.#listen(0);
    this.#port = this.#server.addr.port;
    this.url = `http://127.0.0.1:${this.#port}/hook`;
  }

  /** The events that were answered with 2xx, each at its first time, in that order. */
  get took(): StoredEvent[] {
    const taken = this.calls.filter(({ answered }) => answered === 200);
    return [...new Map(taken.reverse().map(({ event }) => [event.id, event])).values()].reverse();
  }

  /** Refuses connections until {@link revive}. */
  async die(): Promise<void> {
    this.#hanging.forEach((end) => end());
    await this.#server?.shutdown();
    this.#server = undefined;
  }

  revive(): void {
    this.#server ??= this.#listen(this.#port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.die();
  }

  #listen(port: number): Deno.HttpServer<Deno.NetAddr> {
    return Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, async (request) => {
      const body = await request.text();
      const { event } = JSON.parse(body);
      const answer = this.behaviour(event, this.calls.length + 1);
      const received: Received = {
        event,
        body,
        headers: Object.fromEntries(request.headers),
        answered: answer === "hang" ? "hung" : answer,
      };
      this.calls.push(received);
      await new Promise((resolve) => setTimeout(resolve, this.slowness));
      if (answer === "hang") {
        this.inTheAir += 1;
        request.signal.addEventListener("abort", () => this.inTheAir -= 1, { once: true });
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 6_000); // longer than the patience of the platform
          this.#hanging.add(() => {
            clearTimeout(timer);
            resolve();
          });
        });
      }
      return new Response(null, { status: answer === "hang" ? 503 : answer });
    });
  }
}

/** Each event was taken, and those of one aggregate in the order of their versions. */
export function assertAllInOrder(subscriber: Subscriber, events: readonly { id: string }[]): void {
  assertEquals(subscriber.took.map(({ id }) => id).sort(), events.map(({ id }) => id).sort());
  const versions = new Map<string, number>();
  for (const { aggregate_id, aggregate_version } of subscriber.took) {
    const before = versions.get(aggregate_id);
    assert(before === undefined || before === aggregate_version - 1, `${before} before it`);
    versions.set(aggregate_id, aggregate_version);
  }
}

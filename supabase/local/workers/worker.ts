/** A loop over one database connection that survives the loss of it. */
import { setTimeout as delay } from "node:timers/promises";
import { openPool, type Pool } from "../database.ts";

const reconnectAfter = 200; // ms

export abstract class Worker {
  #url: string;
  #name: string;
  #stop?: AbortController;
  #stopped: Promise<void> = Promise.resolve();

  /** `name` is the connection's application_name, by which the database sees that the worker is up. */
  constructor(url: string, name: string) {
    this.#url = url;
    this.#name = name;
  }

  /** Begins to work, or goes on after `pause`. */
  resume(): void {
    if (this.#stop) return;
    const stop = this.#stop = new AbortController();
    this.#stopped = this.#run(stop.signal);
  }

  /** Stops working and disconnects; resolves when nothing it began is under way. */
  async pause(): Promise<void> {
    this.#stop?.abort();
    this.#stop = undefined;
    await this.#stopped;
  }

  /** Works until `signal` aborts, or throws when the connection is lost. */
  protected abstract work(pool: Pool, signal: AbortSignal): Promise<void>;

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pool = openPool(this.#url, { name: this.#name, max: 8 });
      try {
        await this.work(pool, signal);
      } catch {
        await delay(reconnectAfter, undefined, { signal }).catch(() => {});
      }
      await pool.end();
    }
  }
}

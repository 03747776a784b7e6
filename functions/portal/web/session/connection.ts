/** Statuses with which a proxy says that nothing behind it answers. */
const AWAY = new Set([502, 503, 504, 546]);
/** Failures in a row from which on the platform counts as away: a single one passes. */
const ENOUGH = 2;

/** Whether the platform answers, learned from every request that goes through `fetch`. */
export class Connection {
  #failures = 0;
  #failing = 0;
  #since: number | null = null;
  #listeners = new Set<() => void>();

  constructor(
    readonly send: typeof fetch = (input, init) => fetch(input, init),
    readonly now: () => number = Date.now,
  ) {}

  /** Milliseconds since 1970 from when on nothing answers; null while something does. */
  lostSince = (): number | null => this.#since;

  listen = (listener: () => void): () => void => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Sends a request as `fetch` does, and notes whether there was an answer. */
  fetch: typeof fetch = async (input, init) => {
    try {
      const response = await this.send(input, init);
      if (AWAY.has(response.status)) this.#fail();
      else this.#answer();
      return response;
    } catch (error) {
      if (!isGivenUp(error)) this.#fail();
      throw error;
    }
  };

  #fail(): void {
    if (this.#failures++ === 0) this.#failing = this.now();
    if (this.#failures >= ENOUGH) this.#set(this.#failing);
  }

  #answer(): void {
    this.#failures = 0;
    this.#set(null);
  }

  #set(since: number | null): void {
    if (since === this.#since) return;
    this.#since = since;
    for (const listener of this.#listeners) listener();
  }
}

/** Whether the page itself wanted no answer any more. */
function isGivenUp(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

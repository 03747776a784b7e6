import { EventApiError, EventApiUnavailable, type Problem } from "./errors.ts";

/** Where the API is and who calls it: either `key` or `session`. */
export type ClientOptions = Connection & (WithKey | WithSession);

interface WithKey {
  /** A secret key, for backends and agents. */
  readonly key: string;
  readonly session?: never;
}

interface WithSession {
  /** A user's session, or a function that gives its current access token, for users and staff. */
  readonly session:
    | { readonly access_token: string }
    | (() => Promise<string | null> | string | null);
  readonly key?: never;
}

interface Connection {
  /** Base URL of the project, such as `https://<ref>.supabase.co`. */
  readonly url: string;
  /** How often a request is tried before it is given up. Default 5. */
  readonly attempts?: number;
  /** Milliseconds to wait for an answer before a request is tried again. Default 45,000. */
  readonly patience?: number;
  readonly fetch?: typeof fetch;
}

/** A request to the `events` function. */
export interface Call {
  readonly method?: string;
  /** Below `/functions/v1/events`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Statuses that pass: too many requests, and servers or proxies in trouble (546 is Supabase's own). */
const PASSING = new Set([429, 502, 503, 504, 546]);

/** Sends requests; tries again when that is safe and may help. */
export class Requests {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    if ((options.key === undefined) === (options.session === undefined)) {
      throw new TypeError("Give either key or session");
    }
    this.#options = options;
  }

  /**
   * The answer's JSON. Silence, network failures (also in the middle of an answer), 429, 502, 503
   * and 504 are tried again with growing pauses, and as `Retry-After` says; other refusals are not.
   * A request that is repeated must be idempotent: posts carry a key.
   *
   * @throws EventApiError, EventApiUnavailable; the signal's reason when it aborts
   */
  json<Answer>(call: Call): Promise<Answer> {
    // The API's own schema says what it answers; the document and the routes are one.
    return this.#persistently(call, async (response) => await response.json() as Answer);
  }

  /** The answer as a stream, as soon as it begins. Throws as `json` does. */
  open(call: Call): Promise<Response> {
    return this.#persistently(call, (response) => Promise.resolve(response));
  }

  async #persistently<T>(call: Call, read: (response: Response) => Promise<T>): Promise<T> {
    const { attempts = 5 } = this.#options;
    for (let attempt = 1;; attempt++) {
      let trouble: unknown;
      let wait = Math.min(200 * 2 ** (attempt - 1), 5_000) * (0.5 + Math.random() / 2);
      try {
        return await this.#once(call, read);
      } catch (error) {
        call.signal?.throwIfAborted();
        if (error instanceof EventApiError && !PASSING.has(error.status)) throw error;
        trouble = error;
        if (error instanceof Refused) wait = Math.max(wait, error.retryAfter);
      }
      if (attempt >= attempts) {
        const what = `${call.method ?? "GET"} /events${call.path}`;
        throw new EventApiUnavailable(`${what}: given up after ${attempt} attempts`, trouble);
      }
      await pause(wait, call.signal);
      call.signal?.throwIfAborted();
    }
  }

  async #once<T>(call: Call, read: (response: Response) => Promise<T>): Promise<T> {
    const silence = new AbortController();
    const timer = setTimeout(
      () => silence.abort(new DOMException("No answer in time", "TimeoutError")),
      this.#options.patience ?? PATIENCE,
    );
    try {
      const signals = [silence.signal, ...(call.signal ? [call.signal] : [])];
      const response = await this.#fetch(call, AbortSignal.any(signals));
      if (response.ok) return await read(response);
      throw new Refused(await problemOf(response), response.headers.get("retry-after"));
    } finally {
      clearTimeout(timer);
    }
  }

  async #fetch({ method = "GET", path, query = {}, headers, body }: Call, signal: AbortSignal) {
    const url = new URL(`${this.#options.url.replace(/\/+$/, "")}/functions/v1/events${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return await (this.#options.fetch ?? fetch)(url, {
      method,
      headers: {
        ...await this.#credentials(),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
  }

  async #credentials(): Promise<Record<string, string>> {
    const { key, session } = this.#options;
    if (key !== undefined) return { apikey: key };
    const token = typeof session === "function" ? await session() : session?.access_token;
    return token ? { Authorization: `Bearer ${token}` } : {};
  }
}

/** A refusal with the milliseconds its `Retry-After` asks for, at most thirty seconds of them. */
class Refused extends EventApiError {
  readonly retryAfter: number;

  constructor(problem: Problem, retryAfter: string | null) {
    super(problem);
    const seconds = Number(retryAfter);
    this.retryAfter = seconds > 0 ? Math.min(seconds, 30) * 1_000 : 0;
  }
}

/** Longer than `Prefer: wait` may take. */
const PATIENCE = 45_000;

async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    const problem = JSON.parse(text);
    if (typeof problem?.code === "string") return problem;
  } catch {
    // Not ours: a proxy answered.
  }
  const { status } = response;
  return {
    type: "about:blank",
    title: response.statusText,
    status,
    detail: `HTTP ${status}`,
    code: "unexpected_answer",
  };
}

/** Resolves after a time, or at once when the signal aborts. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done, { once: true });
    if (signal?.aborted) done();
  });
}

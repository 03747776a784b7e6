import { EventApiError, EventApiUnavailable, type Problem } from "./errors.ts";

/** Where the API is and who calls it. */
export interface ClientOptions {
  /** Base URL of the project, such as `https://<ref>.supabase.co`. */
  readonly url: string;
  /** A secret key, for backends and agents. */
  readonly key?: string;
  /** A user's session, or a function that gives its current access token, for users and staff. */
  readonly session?:
    | { readonly access_token: string }
    | (() => Promise<string | null> | string | null);
  /** How often a request is tried before it is given up. Default 5. */
  readonly attempts?: number;
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
   * The answer's JSON and headers. Network failures, 429 and 503 are tried again with growing
   * pauses, and as `Retry-After` says; other refusals are not. A request that is repeated must be
   * idempotent: posts carry a key.
   *
   * @throws EventApiError, EventApiUnavailable
   */
  async json<Answer>(call: Call): Promise<{ answer: Answer; headers: Headers }> {
    const response = await this.send(call);
    // The API's own schema says what it answers; the document and the routes are one.
    return { answer: await response.json() as Answer, headers: response.headers };
  }

  /** The answer itself, for streams. Throws as `json` does. */
  async send(call: Call): Promise<Response> {
    const { attempts = 5 } = this.#options;
    for (let attempt = 1;; attempt++) {
      let trouble: unknown;
      let wait = Math.min(200 * 2 ** (attempt - 1), 5_000) * (0.5 + Math.random() / 2);
      try {
        const response = await this.#once(call);
        if (response.ok) return response;
        const error = new EventApiError(await problemOf(response));
        if (response.status !== 429 && response.status !== 503) throw error;
        trouble = error;
        const seconds = Number(response.headers.get("retry-after"));
        if (seconds > 0) wait = Math.max(wait, Math.min(seconds, 30) * 1_000);
      } catch (error) {
        if (error instanceof EventApiError || call.signal?.aborted) throw error;
        trouble ??= error;
      }
      if (attempt >= attempts) {
        throw new EventApiUnavailable(`${call.path}: given up after ${attempt} attempts`, trouble);
      }
      await pause(wait, call.signal);
    }
  }

  async #once({ method = "GET", path, query = {}, headers, body, signal }: Call) {
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
      ...(signal ? { signal } : {}),
    });
  }

  async #credentials(): Promise<Record<string, string>> {
    const { key, session } = this.#options;
    if (key !== undefined) return { apikey: key };
    const token = typeof session === "function" ? await session() : session?.access_token;
    return token ? { Authorization: `Bearer ${token}` } : {};
  }
}

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

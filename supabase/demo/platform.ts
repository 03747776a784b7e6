import { apiKeys } from "../local/keys.ts";

/** A credential: the backend's key, or a person's token. */
export type As = { key: string } | { token: string };

/** A running platform, as the demo talks to it: over HTTP alone. */
export class Platform {
  /** The trusted backend of the local project. */
  readonly backend: As = { key: apiKeys.secret };

  constructor(readonly url: string) {}

  /** Signs in one of the seed's people. */
  async signIn(email: string): Promise<As> {
    const { access_token } = await this.#call("/auth/v1/token?grant_type=password", {
      method: "POST",
      headers: { apikey: apiKeys.publishable },
      body: JSON.stringify({ email, password: "event-sourcing" }),
    });
    return { token: access_token };
  }

  get(path: string, as: As) {
    return this.#call(`/functions/v1/${path}`, { headers: headersOf(as) });
  }

  send(path: string, as: As, body: unknown, method = "POST") {
    const headers = { ...headersOf(as), "content-type": "application/json" };
    return this.#call(`/functions/v1/${path}`, { method, headers, body: JSON.stringify(body) });
  }

  /** Rows of a state table, as the person may see them. */
  rows(path: string, as: As) {
    const headers = { apikey: apiKeys.publishable, ...headersOf(as) };
    return this.#call(`/rest/v1/${path}`, { headers });
  }

  /** Looks until `enough` is content with what it sees, at most half a minute. */
  async wait<T>(look: () => Promise<T>, enough: (seen: T) => boolean): Promise<T> {
    for (const until = Date.now() + 30_000;;) {
      const seen = await look();
      if (enough(seen)) return seen;
      if (Date.now() > until) throw new Error("The state tables did not follow within 30 s");
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  // deno-lint-ignore no-explicit-any -- a demo reads what the document of the API promises
  async #call(path: string, init: RequestInit): Promise<any> {
    const response = await fetch(this.url + path, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
    return JSON.parse(text);
  }
}

function headersOf(as: As): Record<string, string> {
  return "key" in as ? { apikey: as.key } : { authorization: `Bearer ${as.token}` };
}

import { EventApiError, type Problem } from "../../../../shared/client/mod.ts";

type QueryValues = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Calls the platform's functions as the person signed in. Paths begin after `/functions/v1/`. */
export interface Api {
  get<Answer>(path: string, query?: QueryValues, signal?: AbortSignal): Promise<Answer>;
  post<Answer>(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  put<Answer>(path: string, body: unknown): Promise<Answer>;
  delete(path: string): Promise<void>;
}

export interface ApiOptions {
  url: string;
  /** Sends a request. */
  send: typeof fetch;
  /** The access token; when none is valid any more it resolves after the next sign-in. */
  token: () => Promise<string>;
  /** Told when the API did not take the token. */
  onRefused: () => void;
}

/** Milliseconds to wait for an answer: a look that takes longer hangs, an act may still be done. */
const PATIENCE = { look: 15_000, act: 60_000 };

export function createApi({ url, send, token, onRefused }: ApiOptions): Api {
  async function call<Answer>(path: string, init: RequestInit): Promise<Answer> {
    for (let attempt = 1;; attempt++) {
      const response = await send(`${url}/functions/v1/${path}`, {
        ...init,
        headers: { ...init.headers, Authorization: `Bearer ${await token()}` },
        signal: AbortSignal.any([
          AbortSignal.timeout(init.method ? PATIENCE.act : PATIENCE.look),
          ...(init.signal ? [init.signal] : []),
        ]),
      });
      if (response.status === 401 && attempt === 1) {
        onRefused(); // the next token() waits for somebody to sign in: nothing typed is lost
        continue;
      }
      if (!response.ok) throw new EventApiError(await problemOf(response));
      // The routes' own schemas say what they answer.
      return (response.status === 204 ? undefined : await response.json()) as Answer;
    }
  }
  const sent = (method: string, body: unknown, headers?: Record<string, string>) => ({
    method,
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return {
    get: (path, query, signal) => call(`${path}${search(query)}`, signal ? { signal } : {}),
    post: (path, body, headers) => call(path, sent("POST", body, headers)),
    put: (path, body) => call(path, sent("PUT", body)),
    delete: (path) => call(path, { method: "DELETE" }),
  };
}

function search(query: QueryValues = {}): string {
  const pairs = Object.entries(query)
    .flatMap(([name, value]) => value === undefined || value === null ? [] : [[name, `${value}`]]);
  return pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : "";
}

async function problemOf(response: Response): Promise<Problem> {
  const { status, statusText } = response;
  const problem = await response.json().catch(() => null);
  if (typeof problem?.code === "string" && typeof problem.detail === "string") return problem;
  const detail = `The server answered ${status} ${statusText}.`;
  return { type: "about:blank", title: statusText, status, detail, code: "unexpected_answer" };
}

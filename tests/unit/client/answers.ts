/** A `fetch` that gives the next of a list of answers, and remembers what it was asked. */
export type Next = Response | Error | "silence" | ((request: Request) => Response);

export interface Asked {
  url: string;
  method: string;
  headers: Headers;
  body: string;
  at: number;
}

export function answers(...list: Next[]): { fetch: typeof fetch; asked: Asked[] } {
  const asked: Asked[] = [];
  const answer = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { url, method, headers } = request;
    const body = await request.clone().text();
    asked.push({ url, method, headers, body, at: performance.now() });
    const next = list.length > 1 ? list.shift() : list[0];
    request.signal.throwIfAborted();
    if (next instanceof Error) throw next;
    if (next === "silence") {
      return await new Promise((_, reject) => {
        request.signal.addEventListener("abort", () => reject(request.signal.reason));
      });
    }
    if (typeof next === "function") return next(request);
    if (!next) throw new Error("No answer is left");
    return next.clone();
  };
  return { fetch: answer as typeof fetch, asked }; // called with what fetch is called with
}

/** A problem as the API sends it. */
export function problem(status: number, code: string, headers: HeadersInit = {}): Response {
  return Response.json({ type: `urn:problem:${code}`, title: code, status, detail: code, code }, {
    status,
    headers: { "Content-Type": "application/problem+json", ...headers },
  });
}

/** An answer that breaks off in the middle of its body. */
export function brokenOff(): Response {
  let pulled = 0;
  return new Response(
    new ReadableStream({
      pull(controller) {
        if (pulled++ === 0) controller.enqueue(new TextEncoder().encode(`{"id":`));
        else controller.error(new TypeError("connection reset"));
      },
    }),
    { status: 201 },
  );
}

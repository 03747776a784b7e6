import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds that a request is held while what it is for starts again, and between two attempts. */
const heldFor = 8_000;
const pause = 50;

/** Passes requests on over kept-alive connections; bodies stream both ways. */
export class Forwarder {
  #client = Deno.createHttpClient({ poolMaxIdlePerHost: 256, http2: false });
  #closed = false;

  async forward(request: Request, url: string, headers?: Headers): Promise<Response> {
    return await this.#attempt(request, url, headers) ?? away();
  }

  /**
   * Like `forward`, but a GET waits for a server that starts again, as hosted it waits for a cold
   * start: an EventSource that meets 503 never comes back. `url` is asked anew for each attempt.
   */
  async hold(request: Request, url: () => string): Promise<Response> {
    const end = Date.now() + (request.method === "GET" ? heldFor : 0);
    for (;;) {
      const response = await this.#attempt(request, url());
      if (response) return response;
      if (Date.now() >= end || this.#closed) return away();
      await delay(pause);
    }
  }

  close(): void {
    this.#closed = true;
    this.#client.close();
  }

  /** The answer, or undefined when there was none. */
  async #attempt(request: Request, url: string, headers?: Headers): Promise<Response | undefined> {
    const forwarded = headers ?? new Headers(request.headers);
    forwarded.set("x-forwarded-host", request.headers.get("host") ?? "");
    forwarded.set("x-forwarded-proto", "http");
    forwarded.set("accept-encoding", "identity"); // fetch would unpack the body but not say so
    forwarded.delete("host");
    forwarded.delete("connection");
    try {
      return await fetch(url, {
        method: request.method,
        headers: forwarded,
        body: request.body,
        redirect: "manual",
        client: this.#client,
      });
    } catch {
      return undefined;
    }
  }
}

function away(): Response {
  return Response.json(
    { message: "The upstream server is not reachable; try again" },
    { status: 503, headers: { "retry-after": "1" } },
  );
}

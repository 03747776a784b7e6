/** Passes requests on over kept-alive connections; bodies stream both ways. */
export class Forwarder {
  #client = Deno.createHttpClient({ poolMaxIdlePerHost: 256, http2: false });

  async forward(request: Request, url: string, headers?: Headers): Promise<Response> {
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
      return away();
    }
  }

  close(): void {
    this.#client.close();
  }
}

function away(): Response {
  return Response.json(
    { message: "The upstream server is not reachable; try again" },
    { status: 503, headers: { "retry-after": "1" } },
  );
}

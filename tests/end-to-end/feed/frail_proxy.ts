/** A way to the gateway that breaks when told: connections are cut, or nothing listens for a while. */
export class FrailProxy implements AsyncDisposable {
  readonly url: string;
  /** Connections that were cut. */
  cut = 0;
  #toLose = 0;
  #target: { hostname: string; port: number };
  #port = 0;
  #listener: Deno.TcpListener | undefined;
  #open = new Set<Deno.TcpConn>();

  constructor(url: string) {
    this.#target = { hostname: "127.0.0.1", port: Number(new URL(url).port) };
    this.listen();
    this.url = `http://127.0.0.1:${this.#port}`;
  }

  /** Lets the next requests through and cuts the connection when their answers come. */
  loseAnswers(count: number): void {
    this.#toLose = count;
  }

  /** Answers that are still to be lost. */
  get toLose(): number {
    return this.#toLose;
  }

  /** Cuts all connections at once. */
  cutAll(): void {
    for (const connection of this.#open) {
      this.cut += 1;
      close(connection);
    }
    this.#open.clear();
  }

  /** Cuts all connections and refuses new ones until `listen`. */
  down(): void {
    this.#listener?.close();
    this.#listener = undefined;
    this.cutAll();
  }

  listen(): void {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: this.#port });
    this.#port = this.#listener.addr.port;
    this.#accept(this.#listener);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.down();
    return Promise.resolve();
  }

  async #accept(listener: Deno.TcpListener): Promise<void> {
    try {
      for await (const client of listener) this.#serve(client);
    } catch {
      // closed while it waited
    }
  }

  async #serve(client: Deno.TcpConn): Promise<void> {
    this.#open.add(client);
    try {
      const server = await Deno.connect(this.#target);
      const up = client.readable.pipeTo(server.writable).catch(() => {});
      const frail = new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          if (this.#toLose === 0) return controller.enqueue(chunk);
          this.#toLose -= 1;
          controller.error(new Error("the answer is lost"));
        },
      });
      const down = server.readable.pipeThrough(frail).pipeTo(client.writable).catch(() => {});
      // When one side is cut the other must not stay open for ever.
      await Promise.race([up, down]);
      close(server);
      close(client);
    } catch {
      close(client);
    } finally {
      this.#open.delete(client);
    }
  }
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It was closed from the other side.
  }
}

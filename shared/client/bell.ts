/** The part of supabase-js that is used. */
export interface RealtimeClient {
  channel(topic: string, options: { config: { private: boolean } }): RealtimeChannel;
  // Generic, because supabase-js asks for its own class of channels back.
  removeChannel(channel: never): Promise<unknown>;
}

interface RealtimeChannel {
  on(type: "broadcast", filter: { event: string }, callback: () => void): RealtimeChannel;
  subscribe(callback?: (status: string) => void): unknown;
}

/** A Realtime channel that rings for each broadcast, and whenever it is joined or lost. */
export class Bell {
  #realtime: RealtimeClient;
  #channel: RealtimeChannel;
  #ring = () => {};
  #joined = new AbortController();

  constructor(realtime: RealtimeClient, aggregateType: string | undefined) {
    this.#realtime = realtime;
    const topic = aggregateType ? `events:${aggregateType}` : "events";
    this.#channel = realtime.channel(topic, { config: { private: true } })
      .on("broadcast", { event: "*" }, () => this.#ring());
    this.#channel.subscribe((status) => {
      if (status === "SUBSCRIBED") this.#joined.abort();
      else if (this.#joined.signal.aborted) this.#joined = new AbortController();
      this.#ring();
    });
  }

  /** Aborted while the channel is joined; another signal once it is lost. */
  get joined(): AbortSignal {
    return this.#joined.signal;
  }

  /** Resolves at the next ring. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#ring = resolve);
  }

  async close(): Promise<void> {
    await this.#realtime.removeChannel(this.#channel as never); // the channel it made itself
  }
}

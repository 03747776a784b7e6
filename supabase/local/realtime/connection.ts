import { Channel, type Hub } from "./channel.ts";
import { Refusal } from "./refusal.ts";
import type { Broadcast, Frame, Wire } from "./wire.ts";

/** One websocket: joins and leaves channels, one message after the other. */
export class Connection {
  #socket: WebSocket;
  #wire: Wire;
  #hub: Hub;
  #keyToken: string;
  #channels = new Map<string, Channel>();
  #handled: Promise<void> = Promise.resolve();

  /** `keyToken` is the token that the API key stands for. */
  constructor(socket: WebSocket, wire: Wire, hub: Hub, keyToken: string) {
    this.#socket = socket;
    this.#wire = wire;
    this.#hub = hub;
    this.#keyToken = keyToken;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => {
      this.#handled = this.#handled.then(() => this.#handle(wire.decode(data)))
        .catch(() => this.close(1003)); // no frame of the protocol
    };
    socket.onclose = () => this.#channels.forEach((channel) => channel.end());
  }

  /** Passes a broadcast on when one of the channels is of its topic. */
  deliver(broadcast: Broadcast, isPrivate: boolean): void {
    if (this.#channels.get(broadcast.topic)?.isPrivate !== isPrivate || !this.#isOpen) return;
    this.#socket.send(this.#wire.encodeBroadcast(broadcast));
  }

  push(frame: Frame): void {
    if (this.#isOpen) this.#socket.send(this.#wire.encode(frame));
  }

  reply({ joinRef, ref, topic }: Frame, status: "ok" | "error", response: unknown = {}): void {
    this.push({ joinRef, ref, topic, event: "phx_reply", payload: { status, response } });
  }

  /** Ends a channel, unless another has its place. */
  drop(channel: Channel): void {
    if (this.#channels.get(channel.topic) === channel) this.#channels.delete(channel.topic);
    channel.close();
  }

  close(code = 1001): void {
    if (this.#isOpen) this.#socket.close(code);
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  async #handle(frame: Frame): Promise<void> {
    const channel = this.#channels.get(frame.topic);
    switch (frame.event) {
      case "heartbeat":
        return this.reply(frame, "ok");
      case "phx_join":
        return await this.#join(frame);
      case "phx_leave":
        this.reply(frame, "ok");
        return channel && this.drop(channel);
      case "access_token":
        return await channel?.refresh(frame);
      case "broadcast":
        return await channel?.say(frame);
      case "presence":
        return this.reply(frame, "error", { reason: "The local Realtime knows no presence" });
    }
  }

  async #join(frame: Frame): Promise<void> {
    const old = this.#channels.get(frame.topic);
    if (old) this.drop(old);
    const channel = new Channel(frame, this, this.#hub);
    try {
      await channel.join(this.#keyToken);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.reply(frame, "error", { reason: `${error.code}: ${error.message}` });
    }
    if (!this.#isOpen) return channel.end();
    this.#channels.set(frame.topic, channel);
    this.reply(frame, "ok", { postgres_changes: [] });
    channel.welcome();
  }
}

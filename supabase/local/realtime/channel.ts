import type { Connection } from "./connection.ts";
import { type JoinRequest, joinRequest } from "./join_request.ts";
import { type Guards, Membership } from "./membership.ts";
import { Refusal } from "./refusal.ts";
import type { Broadcast, Frame } from "./wire.ts";

/** What a channel needs of the server. */
export interface Hub extends Guards {
  /** Says it to all who joined the topic, but not to `except`. */
  relay(broadcast: Broadcast, isPrivate: boolean, except?: Connection): void;
  /** Resolves when messages of the database are heard. */
  hearing(): Promise<void>;
}

const prefix = "realtime:";

/** A topic on one socket, from the joining to the end. */
export class Channel {
  readonly topic: string;
  readonly isPrivate: boolean;
  #joinRef: string | null;
  #request: JoinRequest;
  #membership: Membership;
  #connection: Connection;
  #hub: Hub;

  constructor({ topic, joinRef, payload }: Frame, connection: Connection, hub: Hub) {
    this.topic = topic;
    this.#joinRef = joinRef;
    this.#request = joinRequest(payload);
    this.isPrivate = this.#request.isPrivate;
    this.#connection = connection;
    this.#hub = hub;
    this.#membership = new Membership(
      topic.slice(prefix.length),
      this.isPrivate,
      hub,
      ({ message }) => this.#shutDown(message),
    );
  }

  /** Joins with the token of the request, or else with `keyToken`. @throws Refusal */
  async join(keyToken: string): Promise<void> {
    if (!this.topic.startsWith(prefix) || this.topic === prefix) {
      throw new Refusal("TopicNameRequired", "You must provide a topic name");
    }
    if (this.#request.wantsChanges) {
      throw new Refusal("NotSupported", "The local Realtime knows no postgres_changes");
    }
    await this.#membership.admit(this.#request.token ?? keyToken);
  }

  /** After the joining was acknowledged. */
  async welcome(): Promise<void> {
    if (!this.#request.replicationReady) return;
    await this.#hub.hearing();
    this.#tell("ok", "Replication connection established");
  }

  /** Goes on with the token of the message, or ends. */
  async refresh({ payload }: Frame): Promise<void> {
    const token = Object(payload).access_token;
    if (typeof token !== "string" || token.startsWith("sb_")) return;
    try {
      await this.#membership.admit(token);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#shutDown(error.message);
    }
  }

  /** Passes on what the client says, if it may; as on hosted a refused broadcast gets no answer. */
  async say(frame: Frame): Promise<void> {
    const { event, payload = {} } = Object(frame.payload);
    if (typeof event !== "string" || !await this.#membership.maySend()) return;
    const broadcast = { topic: this.topic, event, payload: JSON.stringify(payload) };
    this.#hub.relay(broadcast, this.isPrivate, this.#request.self ? undefined : this.#connection);
    if (this.#request.ack) this.#connection.reply(frame, "ok");
  }

  /** Ends the membership and says so. */
  close(): void {
    this.end();
    this.#push("phx_close", {}, this.#joinRef);
  }

  /** Ends the membership silently: the socket is gone. */
  end(): void {
    this.#membership.end();
  }

  #shutDown(message: string): void {
    this.#tell("error", message);
    this.#connection.drop(this);
  }

  #tell(status: string, message: string): void {
    const channel = this.topic.slice(prefix.length);
    this.#push("system", { extension: "system", status, message, channel });
  }

  #push(event: string, payload: unknown, ref: string | null = null): void {
    this.#connection.push({ joinRef: this.#joinRef, ref, topic: this.topic, event, payload });
  }
}
